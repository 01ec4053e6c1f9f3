"""The folder that stands in for a broker: messages appear whole, go once, and hold only ids."""

import threading
from pathlib import Path
from queue import Empty

import pytest

import config
from imgpilot import worker
from imgpilot.broker import Channel


@pytest.fixture
def channel(settings: config.Settings) -> Channel:
    """A channel on the folder of this test."""
    made: Channel = worker.configure(settings).connection_for_write().channel()
    return made


def everything(channel: Channel, queue: str = "celery") -> list[object]:
    """Take until nothing is left."""
    taken = []
    while True:
        try:
            taken.append(channel._get(queue)["body"])
        except Empty:
            return taken


def test_messages_come_out_in_the_order_they_went_in(channel: Channel) -> None:
    for number in range(5):
        channel._put("celery", {"body": number})
    assert everything(channel) == [0, 1, 2, 3, 4]


def test_a_message_for_another_queue_stays(channel: Channel) -> None:
    channel._put("mail", {"body": 1})
    assert everything(channel) == []
    assert everything(channel, "mail") == [1]


def test_a_message_that_is_half_written_is_not_there_yet(channel: Channel, settings: config.Settings) -> None:
    (settings.home / "broker" / "messages" / ".0001-half.celery.msg").write_text('{"bo')
    assert everything(channel) == []


def test_quick_readers_take_each_message_once_and_never_a_torn_one(channel: Channel) -> None:
    count, taken, errors = 300, [], []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                taken.extend(everything(channel))
            except ValueError as error:  # what JSON says of half a message
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    [reader.start() for reader in readers]
    for number in range(count):
        channel._put("celery", {"body": number, "padding": "x" * 5000})
    done.set()
    [reader.join() for reader in readers]
    taken += everything(channel)
    assert errors == []
    assert sorted(taken) == list(range(count))  # type: ignore[type-var]


def test_nothing_is_left_in_the_folder(channel: Channel, settings: config.Settings) -> None:
    channel._put("celery", {"body": 1})
    everything(channel)
    assert list(Path(settings.home / "broker" / "messages").iterdir()) == []
