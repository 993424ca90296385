"""A client whose requests run in the test's own transaction, and tokens for it."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from listener.accounts import service as accounts
from listener.web.app import create_app
from listener.web.deps import store


@pytest.fixture
def client(session: Session) -> Iterator[TestClient]:
    """The whole application on the test's session."""
    app = create_app()

    def same_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    app.dependency_overrides[store] = same_session
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def bearer(session: Session) -> Callable[[str | None], dict[str, str]]:
    """Makes the header of a token for a department, or for all of them."""
    return lambda department=None: {
        "Authorization": f"Bearer {accounts.make_token(session, name='thử', department=department)}"
    }
