"""The formats of `listener.vietnamese` under the name that pages know; papers below the web use the same ones."""

from listener.vietnamese import *  # noqa: F403
