"""The client against real processes that speak the protocol, or fail to."""

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QTimer

SAY = "import json, os, sys, time\ndef say(**m): print(json.dumps(m), flush=True)\nsay(type='process', pid=os.getpid())\n"


class Recorder(QgsProcessingFeedback):
    """Keeps what the user would read."""

    def __init__(self):
        super().__init__(False)
        self.infos, self.warnings, self.steps = [], [], []

    def pushInfo(self, text):
        self.infos.append(text)

    def pushWarning(self, text):
        self.warnings.append(text)

    def setProgressText(self, text):
        self.steps.append(text)


@pytest.fixture
def client(sitsr):
    from sitsr.sitsr_plugin.core import worker_client

    return worker_client


@pytest.fixture
def run(client, tmp_path):
    """Run a script as the worker and judge it; returns the result."""
    from sitsr.sitsr_plugin.core.environment import Interpreter

    def run(script, feedback=None, program=sys.executable):
        feedback = feedback or Recorder()
        outcome = client.run_process(program, ["-I", "-c", SAY + script, str(tmp_path / "stop")], tmp_path / "stop", feedback)
        return client.judge(outcome, Interpreter(program, "the test"), feedback.isCanceled())

    return run


def test_progress_messages_and_result_arrive(run):
    feedback = Recorder()
    result = run(
        """
say(type='start', version='0.1.0', device='cpu', device_reason='no GPU', precision='bfloat16', model='small')
say(type='message', level='warning', text='shift of 1.4 pixels')
say(type='message', level='info', text='eight dates')
say(type='progress', fraction=0.25, eta_seconds=12.3, message='Tile 1 of 4')
say(type='progress', fraction=0.5, eta_seconds=600, message='Tile 2 of 4')
say(type='result', result={'outputs': []})
""",
        feedback,
    )
    assert result == {"outputs": []}
    assert feedback.infos == ["sitsr 0.1.0 computes on cpu (no GPU), precision bfloat16, model small.", "eight dates"]
    assert feedback.warnings == ["shift of 1.4 pixels"]
    assert feedback.steps == ["Tile 1 of 4, about 12 s left", "Tile 2 of 4, about 10 min left"]
    assert feedback.progress() == 50.0


def test_an_expected_error_is_its_own_sentence(run, client):
    with pytest.raises(client.PluginError) as caught:
        run("say(type='error', error={'message': 'Two rasters have the date 2021-04-03.', 'hint': 'Remove one.'}); sys.exit(1)")
    assert str(caught.value) == "Two rasters have the date 2021-04-03. Remove one."


def log_of(error):
    """The log that an error names."""
    return Path(error.hint.split("The worker's log: ", 1)[1]).read_text(encoding="utf-8")


def test_an_unexpected_error_names_the_log(run, client):
    with pytest.raises(client.PluginError) as caught:
        run("sys.stderr.write('Traceback: deep inside'); say(type='error', error={'message': 'Something unforeseen.'}); sys.exit(2)")
    assert caught.value.message == "Something unforeseen."
    assert "Traceback" not in str(caught.value)
    assert "Traceback: deep inside" in log_of(caught.value)


def test_a_process_that_dies_is_told_from_one_that_fails(run, client):
    with pytest.raises(client.PluginError) as caught:
        run("sys.stderr.write('last words'); sys.stderr.flush(); os.kill(os.getpid(), 9)")
    assert "killed or crashed" in caught.value.message
    assert "last words" in log_of(caught.value)
    with pytest.raises(client.PluginError, match="ended with code 7 and gave no result"):
        run("sys.exit(7)")
    with pytest.raises(client.PluginError, match="ended with code 0 and gave no result"):
        run("pass")


def test_a_process_that_dies_without_a_word_leaves_no_log(run, client):
    with pytest.raises(client.PluginError) as caught:
        run("os.kill(os.getpid(), 9)")
    assert "killed or crashed" in caught.value.message and caught.value.hint == ""
    assert client.keep_log(client.Outcome(log=["\n"])) == ""


def test_the_main_thread_goes_on_meanwhile(run):
    """QGIS 3.22 runs the rows of a batch there."""
    feedback, seen = Recorder(), []
    timer = QTimer()
    timer.timeout.connect(lambda: seen.append(list(feedback.infos)))
    timer.start(50)
    run(
        """
for number in range(4):
    say(type='message', level='info', text=str(number)); time.sleep(0.3)
say(type='result', result={})
""",
        feedback,
    )
    assert feedback.infos == ["0", "1", "2", "3"]
    assert ["0", "1"] in seen and len(seen) > 5


def test_another_thread_waits_by_itself(run, client):
    feedback, ended = Recorder(), []

    def work():
        try:
            run("say(type='message', level='info', text='here'); time.sleep(30)", feedback)
        except client.RunCancelled as error:
            ended.append(error.message)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive() and not feedback.infos:
        time.sleep(0.02)
    feedback.cancel()
    thread.join(5)
    assert ended == ["Cancelled: no output was written."]


def test_an_interpreter_that_cannot_start(run, client):
    with pytest.raises(client.PluginError, match="could not be started"):
        run("pass", program="/nowhere/python")


@pytest.mark.parametrize(
    "script, limit",
    [
        ("while not os.path.exists(sys.argv[1]): time.sleep(0.02)\nsys.exit(3)", 0.8),
        ("time.sleep(30)", 1.6),
        ("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(30)", 2.0),
    ],
    ids=["listens to the stop file", "listens to the signal only", "listens to nothing"],
)
def test_cancel_ends_it_within_two_seconds(run, client, script, limit):
    feedback = Recorder()
    cancelled_at = []

    def cancel():
        cancelled_at.append(time.monotonic())
        feedback.cancel()

    threading.Timer(0.5, cancel).start()
    with pytest.raises(client.RunCancelled, match="no output was written"):
        run(script, feedback)
    assert time.monotonic() - cancelled_at[0] < limit


def test_cancelled_before_it_started(run, client):
    feedback = Recorder()
    feedback.cancel()
    with pytest.raises(client.RunCancelled):
        run("while not os.path.exists(sys.argv[1]): time.sleep(0.02)\nsys.exit(3)", feedback)


def test_a_run_that_was_finished_when_cancel_came_keeps_its_result(run):
    feedback = Recorder()
    threading.Timer(0.3, feedback.cancel).start()
    assert run("time.sleep(0.6); say(type='result', result={'outputs': [1]})", feedback) == {"outputs": [1]}


def test_no_process_is_left(run, client):
    feedback = Recorder()
    threading.Timer(0.3, feedback.cancel).start()
    outcome = []
    take, client.take = client.take, lambda message, seen, to: (outcome.append(seen), take(message, seen, to))
    try:
        with pytest.raises(client.RunCancelled):
            run("signal = __import__('signal'); signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(30)", feedback)
    finally:
        client.take = take
    with pytest.raises(ProcessLookupError):
        os.kill(outcome[0].pid, signal.SIGCONT)


def test_old_logs_go(client):
    for number in range(client.KEPT_LOGS + 5):
        path = client.keep_log(client.Outcome(pid=100 + number, log=["last words"]))
    assert len(os.listdir(os.path.dirname(path))) == client.KEPT_LOGS


def test_what_is_kept_is_said_of_what_is_there(sitsr, folder):
    from sitsr.sitsr_plugin.core.unfinished import what_is_kept

    output = str(folder / "out")
    for task, name in (("finetune", "mean/checkpoint.pt"), ("super_resolve", "tile-0000.npz")):
        left = folder / "out.sitsr-run" / name
        left.parent.mkdir(parents=True)
        assert what_is_kept(task, output) == ""
        left.write_text("")
        assert " kept: run it again with the same output" in what_is_kept(task, output)
        shutil.rmtree(folder / "out.sitsr-run")
