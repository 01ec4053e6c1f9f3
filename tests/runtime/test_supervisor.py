"""Several processes as one: in order, kept alive, stopped together, none left behind."""

import signal
import time
from pathlib import Path

import psutil
import pytest
from runtime_driver import FORKS, SLEEP, STUBBORN, eventually, gone, supervising


def test_each_waits_for_the_health_of_the_one_before(tmp_path: Path) -> None:
    mark = tmp_path / "healthy"
    slow = f"import time; from pathlib import Path; time.sleep(0.6); Path({str(mark)!r}).touch(); {SLEEP}"
    asks = f"from pathlib import Path; print('first is healthy:', Path({str(mark)!r}).exists()); {SLEEP}"
    with supervising({"name": "first", "code": slow, "healthy": str(mark)}, {"name": "second", "code": asks}) as up:
        up.says("all work", "second │ first is healthy: ")
        assert "second │ first is healthy: True" in up.said
        assert up.end() == 0


def test_lines_are_plain_and_named_when_there_is_no_terminal() -> None:
    with supervising({"name": "a", "code": SLEEP}, {"name": "longer", "code": SLEEP}) as up:
        up.says("all work", "a      │ here\n", "longer │ here\n")
        assert "\x1b" not in up.said


def test_a_killed_child_comes_back_and_what_it_forked_is_gone(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    code = f"open({str(starts)!r}, 'a').write('started\\n'); {FORKS}"
    with supervising({"name": "forks", "code": code}) as up:
        up.says("all work", "deaf")
        child = up.child(code)
        forked = child.children()
        assert len(forked) == 1
        child.kill()
        up.until("was ended by signal 9 (Killed); starting again in")
        assert gone(forked)
        assert eventually(starts, 2) == ["started"] * 2
        assert up.end() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_leaves_no_process(how: signal.Signals) -> None:
    with supervising({"name": "forks", "code": FORKS}, {"name": "plain", "code": SLEEP}) as up:
        up.says("all work", "deaf", "plain │ here")
        everything = up.descendants()
        assert len(everything) == 4  # two, a fork, the guard
        begun = time.monotonic()
        assert up.end(how) == 0
        assert time.monotonic() - begun < 60, "within the grace: whoever does not listen was forked by one that does"
        assert gone(everything)


def test_a_stop_asks_the_last_started_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    polite = (
        "import signal, sys, time\n"
        "def leave(*_): open({path!r}, 'a').write('{name}\\n'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "print('{name} listens', flush=True)\n"
        "time.sleep(600)"
    )
    names = ["first", "second", "third"]
    children = [{"name": name, "code": polite.format(path=str(order), name=name)} for name in names]
    with supervising(*children) as up:
        up.says("all work", *(f"{name} listens" for name in names))
        assert up.end() == 0
    assert order.read_text().split() == ["third", "second", "first"]


def test_one_that_does_not_listen_is_killed_after_the_grace() -> None:
    with supervising({"name": "stubborn", "code": STUBBORN}, grace=1) as up:
        up.says("all work", "deaf")
        everything = up.descendants()
        assert up.end() == 0
        assert "did not end within 1 s and was killed" in up.said
        assert gone(everything)


def test_a_stop_while_starting_leaves_no_process(tmp_path: Path) -> None:
    never = str(tmp_path / "never")
    with supervising({"name": "slow", "code": SLEEP, "healthy": never}, {"name": "next", "code": SLEEP}) as up:
        up.until("here")
        everything = up.descendants()
        assert up.end() == 0
        assert "next" not in up.said
        assert gone(everything)


def test_a_killed_supervisor_takes_everything_with_it() -> None:
    with supervising({"name": "forks", "code": FORKS}, {"name": "plain", "code": SLEEP}) as up:
        up.says("all work", "deaf", "plain │ here")
        everything = up.descendants()
        up.end(signal.SIGKILL)
        assert gone(everything)


def test_a_killed_guard_is_replaced() -> None:
    with supervising({"name": "plain", "code": SLEEP}) as up:
        up.until("all work")
        (first,) = _guards(up.descendants())
        first.kill()
        first.wait(60)
        until = time.monotonic() + 60
        while not _guards(up.descendants()) and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.3)
        everything = up.descendants()
        up.end(signal.SIGKILL)
        assert gone(everything)


def _guards(processes: list[psutil.Process]) -> list[psutil.Process]:
    found = []
    for process in processes:
        try:
            if any(word.endswith("guard.py") for word in process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:  # the one just killed, waited for or not
            continue
    return found


def test_one_that_never_gets_going_stops_everything_with_one_line(tmp_path: Path) -> None:
    never = str(tmp_path / "never")
    breaks = "raise SystemExit('no such table: people')"
    with supervising({"name": "good", "code": SLEEP}, {"name": "bad", "code": breaks, "healthy": never}) as up:
        up.until("here")
        everything = up.descendants()
        rest, _ = up.process.communicate(timeout=120)
        assert up.process.returncode == 1
        said = up.said + rest
        last = said.splitlines()[-1]
        assert last == "StartError: bad ended again and again while starting; it last said: no such table: people"
        assert said.count("starting again in") == 5
        assert gone(everything)


def test_one_that_is_never_healthy_stops_everything_with_one_line(tmp_path: Path) -> None:
    never = str(tmp_path / "never")
    with supervising({"name": "deaf", "code": SLEEP, "healthy": never, "health_timeout": 5}) as up:
        rest, _ = up.process.communicate(timeout=120)
        assert up.process.returncode == 1
        assert rest.splitlines()[-1] == "StartError: deaf did not answer within 5 s; it last said: here"


def test_one_that_worked_is_started_again_for_ever(tmp_path: Path) -> None:
    mark, starts = tmp_path / "healthy", tmp_path / "starts"
    code = (
        f"import os; from pathlib import Path; open({str(starts)!r}, 'a').write('.\\n')\n"
        f"Path({str(mark)!r}).touch()\n{SLEEP}"
    )
    with supervising({"name": "works", "code": code, "healthy": str(mark)}) as up:
        up.until("all work")
        for times in range(1, 7):
            eventually(starts, times)
            up.child(code).kill()
            up.until("was ended by signal 9")
        eventually(starts, 7)
        assert up.end() == 0


def test_one_that_runs_once_is_waited_for_and_not_started_again(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    code = f"import time; time.sleep(0.4); open({str(runs)!r}, 'a').write('done\\n')"
    asks = f"print('runs:', open({str(runs)!r}).read().strip()); {SLEEP}"
    with supervising({"name": "sample", "code": code, "once": True}, {"name": "next", "code": asks}) as up:
        up.says("all work", "runs: done")
        time.sleep(0.5)
        assert up.end() == 0
    assert runs.read_text() == "done\n"


def test_one_that_runs_once_and_fails_stops_everything_with_one_line() -> None:
    fails = "raise SystemExit('no room left')"
    with supervising({"name": "good", "code": SLEEP}, {"name": "sample", "code": fails, "once": True}) as up:
        rest, _ = up.process.communicate(timeout=120)
        assert up.process.returncode == 1
        assert rest.splitlines()[-1] == "StartError: sample ended with exit code 1; it last said: no room left"


def test_it_stops_when_nobody_reads_any_more() -> None:
    talks = "import time\nwhile True: print('words'); time.sleep(0.05)"
    with supervising({"name": "talks", "code": talks}) as up:
        up.until("all work")
        everything = up.descendants()
        assert up.process.stdout
        up.process.stdout.close()
        assert gone([psutil.Process(up.process.pid), *everything])
        up.process.stdout = None
