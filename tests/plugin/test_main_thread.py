"""A call reaches the main thread from another one."""

import threading


def test_a_call_from_another_thread_waits_for_the_main_one(sitsr, qtbot):
    from sitsr.sitsr_plugin.core.main_thread import do_in_main_thread

    called = []
    thread = threading.Thread(target=do_in_main_thread, args=[lambda: called.append(threading.get_ident())])
    thread.start()
    thread.join()
    assert called == []
    qtbot.waitUntil(lambda: bool(called))
    assert called == [threading.get_ident()]


def test_in_the_main_thread_it_is_made_at_once(sitsr):
    from sitsr.sitsr_plugin.core.main_thread import do_in_main_thread

    done = []
    do_in_main_thread(lambda: done.append(True))
    assert done == [True]
