"""Manners toward interfaces that take a key: it goes in a header alone; a budget by the day; faults in plain words."""

import json
from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import scrapy
from scrapy.http import TextResponse

from listener import vietnamese
from listener.collect.spiders.base import NotThisKind
from listener.collect.spiders.strands import Pause, StrandSpider, _asked_rest


class InterfaceSpider(StrandSpider):
    """Asks an interface for JSON. ``budget`` units may be spent a day, one for each call; 0 is no limit."""

    setting = ""
    budget = 0
    zone = ZoneInfo("UTC")  # where the interface's day begins

    @abstractmethod
    def headers(self, key: str) -> dict[str, str]:
        """The header that carries the key."""

    @abstractmethod
    def fault(self, said: Mapping[str, Any], status: int) -> Exception:
        """What an error of the interface means: ``Pause`` or ``NotThisKind``."""

    def call(self, path: str, **parameters: str | int) -> scrapy.Request:
        """The request for a call. robots.txt speaks of pages, not of interfaces; a redirect is a fault."""
        asked = {name: value for name, value in parameters.items() if value != ""}
        return scrapy.Request(
            f"{self.order.access['url']}/{path}?{urlencode(asked)}",
            headers={"Accept": "application/json", **self.headers(self.order.access["key"])},
            meta={"dont_obey_robotstxt": True, "dont_redirect": True, "handle_httpstatus_all": True},
        )

    def before_asking(self) -> None:
        """Ask only with a key, and within the day's budget."""
        if not self.order.access.get("key"):
            self.ending = ("failed", f"Chưa đặt {self.setting}, nên nguồn này chưa đọc được.")
            raise Pause("")
        limit = int(self.options.get("budget", self.budget))
        spent = self._spent()
        if limit and spent >= limit:
            raise Pause(
                f"Đã dùng hết {limit} lượt gọi của hôm nay; đọc tiếp sau {_told(self._reset())}.", self._reset()
            )
        self.kept["spent"] = {"day": self._day(), "units": spent + 1}

    def noted(self) -> Mapping[str, Any]:
        """What was spent today."""
        return {"spent": self.kept.get("spent")}

    def answer(self, response: TextResponse) -> dict[str, Any]:
        """The JSON of an answer.

        Raises
        ------
        NotThisKind, Pause
            It is a fault, or no JSON.
        """
        if response.status == 429:
            until = self.moment + _asked_rest(response)
            raise Pause(f"Máy chủ báo ta hỏi quá dày (429); đọc tiếp sau {_told(until)}.", until)
        try:
            said = json.loads(response.body)
        except ValueError:
            said = None
        if response.status >= 500:
            raise Pause(f"Máy chủ đang hỏng hoặc quá tải ({response.status}).", self.moment + _asked_rest(response))
        if not isinstance(said, dict):
            raise NotThisKind(f"Máy chủ trả lời không phải JSON (mã {response.status}).")
        if response.status != 200 or "error" in said:
            raise self.fault(said, response.status)
        return said

    def _spent(self) -> int:
        spent = self.kept.get("spent") or {}
        return int(spent["units"]) if spent.get("day") == self._day() else 0

    def _day(self) -> str:
        return self.moment.astimezone(self.zone).date().isoformat()

    def _reset(self) -> datetime:
        """When the interface's next day begins."""
        own = self.moment.astimezone(self.zone)
        return datetime.combine(own.date() + timedelta(days=1), time(0), self.zone).astimezone(self.moment.tzinfo)

    def resting(self, words: str) -> Pause:
        """An hour's pause, after which limits by the hour begin anew."""
        until = self.moment + timedelta(hours=1)
        return Pause(f"{words}; đọc tiếp sau {_told(until)}.", until)

    def exhausted(self) -> Pause:
        """The interface itself says that nothing is left for today."""
        limit = int(self.options.get("budget", self.budget))
        self.kept["spent"] = {"day": self._day(), "units": max(limit, self._spent())}
        return Pause(f"Giao diện báo đã hết hạn mức hôm nay; đọc tiếp sau {_told(self._reset())}.", self._reset())


def _told(moment: datetime) -> str:
    return f"{vietnamese.clock(moment)} ngày {vietnamese.local(moment):%d/%m}"
