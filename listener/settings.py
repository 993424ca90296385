"""The switches of the service. The only reader of the environment."""

import secrets
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

IDENTITY_KEYS = "identity.keys"
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Each field is the environment variable ``LISTENER_<NAME>``; README's table is printed from here."""

    model_config = SettingsConfigDict(env_prefix="LISTENER_", env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL ≥ 15 with pgvector; without it an embedded server starts under the data folder",
    )
    data_dir: Path = Field(
        default=ROOT / "data", description="Folder for the embedded server, photos, secrets and logs"
    )
    models_dir: Path = Field(default=ROOT / "models", description="Folder of the trained models")
    pack: str = Field(default="can_tho", description="Starter pack loaded into an empty catalogue")
    host: str = Field(default="127.0.0.1", description="Address the pages are served on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the pages are served on")
    public_url: str | None = Field(
        default=None, description="Address under which people reach the service; https makes cookies secure"
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Key that signs sessions and encrypts identities; made and kept in the data folder when not set",
    )
    identity_keys: SecretStr | None = Field(
        default=None,
        description="Keys that encrypt identities, newest first, by commas; without it those that "
        "`listener identity rotate --new` keeps in the data folder, then one made of the secret key",
    )
    contact: str = Field(
        default="https://cantho.gov.vn", description="Contact address in the User-Agent with which sources are visited"
    )
    agency: str = Field(default="UBND thành phố Cần Thơ", description="Name of the agency on pages and papers")
    city: str = Field(default="Cần Thơ", description="Name of the city on pages and papers")
    jurisdiction: str = Field(default="cantho.gov.vn", description="Name under which Open311 clients know the city")
    log_format: str = Field(default="console", pattern="^(console|json)$", description="console or json")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    crawl_delay: float = Field(default=5.0, ge=0, description="Least seconds between two requests to one host")
    crawl_patience: float = Field(default=30.0, gt=0, le=120, description="Seconds a source may take for one answer")
    crawl_private_hosts: bool = Field(
        default=False, description="Allow sources on private and loopback addresses (for tests and intranets)"
    )
    deliver_private_hosts: bool = Field(
        default=False, description="Allow webhooks on private and loopback addresses and over plain http (intranets)"
    )
    deliver_patience: float = Field(default=10.0, gt=0, le=60, description="Seconds a webhook may take to answer")
    mail_host: str | None = Field(default=None, description="SMTP server; without it no e-mail goes out")
    mail_port: int = Field(default=587, ge=1, le=65535, description="Port of the SMTP server")
    mail_tls: str = Field(
        default="starttls", pattern="^(starttls|tls|none)$", description="starttls, tls (from the first byte) or none"
    )
    mail_user: str | None = Field(default=None, description="Name at the SMTP server, where it asks for one")
    mail_password: SecretStr | None = Field(default=None, description="Password at the SMTP server")
    mail_from: str | None = Field(default=None, description="Address e-mails come from")
    zalo_url: str = Field(default="https://openapi.zalo.me", description="Address of Zalo's API")
    zalo_token: SecretStr | None = Field(
        default=None, description="Access token of the city's Zalo Official Account; without it no message goes out"
    )
    zalo_app_id: str | None = Field(default=None, description="App id whose Zalo webhooks are taken at /hooks/zalo")
    zalo_secret: SecretStr | None = Field(
        default=None, description="OA secret key that signs Zalo's webhooks; without it none is taken"
    )
    youtube_url: str = Field(
        default="https://www.googleapis.com/youtube/v3", description="Address of the YouTube Data API"
    )
    youtube_key: SecretStr | None = Field(
        default=None, description="Key of the YouTube Data API; without it no comments are read"
    )
    facebook_url: str = Field(default="https://graph.facebook.com/v25.0", description="Address of the Graph API")
    facebook_token: SecretStr | None = Field(
        default=None, description="Access token of the city's Facebook page; of several pages `page-id=token` by commas"
    )
    facebook_secret: SecretStr | None = Field(
        default=None,
        description="App secret that signs Facebook's webhooks; without it none is taken at /hooks/facebook",
    )
    facebook_verify: SecretStr | None = Field(
        default=None, description="Word with which Facebook asks once whether /hooks/facebook is ours"
    )
    report_limit_per_hour: int = Field(default=20, ge=1, description="Reports one address may send in an hour")
    report_limit_unproven: int = Field(
        default=5, ge=1, description="Of these, how many without a key and without the browser's proof of work"
    )
    proof_bits: int = Field(
        default=16, ge=1, le=24, description="Zero bits a browser must find before a report; one more doubles its work"
    )

    def secret(self) -> bytes:
        """The secret key: the setting, or one made once and kept readable by the owner only."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), encoding="ascii")
        return path.read_bytes().strip()

    def identity_secrets(self) -> tuple[bytes, ...]:
        """The keys of identities, newest first: the first seals, all open. The secret key always opens, as the last."""
        if self.identity_keys is not None:
            given = self.identity_keys.get_secret_value().split(",")
        else:
            path = self.data_dir / IDENTITY_KEYS
            given = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        return (*(key.strip().encode() for key in given if key.strip()), self.secret())

    def add_identity_key(self) -> None:
        """Put a fresh key before the others, in one step, so that no process ever reads half a file."""
        path = self.data_dir / IDENTITY_KEYS
        older = path.read_text(encoding="ascii") if path.exists() else ""
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(f"{secrets.token_urlsafe(48)}\n{older}", encoding="ascii")
        fresh.replace(path)


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
