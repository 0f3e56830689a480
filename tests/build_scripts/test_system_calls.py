"""What strace's lines say: made up here, as it writes them."""

from pathlib import Path

from system_calls import read_trace

HERE = Path("/here")


def test_what_is_written_is_told_from_what_is_read() -> None:
    lines = """\
10 openat(AT_FDCWD</here>, "read", O_RDONLY|O_CLOEXEC) = 3</here/read>
10 openat(AT_FDCWD</here>, "made", O_WRONLY|O_CREAT, 0666) = 3</here/made>
10 openat(AT_FDCWD</here>, "/etc/refused", O_WRONLY|O_CREAT, 0666) = -1 EACCES (Permission denied)
10 unlinkat(4</there>, "gone", 0)       = 0
10 rename("/from", "to")                = 0
10 symlink("/only/words", "/link")      = 0
"""
    made = {Path(one) for one in ("/here/made", "/there/gone", "/from", "/here/to", "/link")}
    assert read_trace(lines, HERE).written == made
    assert read_trace(lines, HERE).outside([HERE, Path("/there")]) == [Path("/from"), Path("/link")]


def test_a_call_that_another_process_interrupted_is_one_call() -> None:
    lines = """\
10 openat(AT_FDCWD</here>, "/a", O_RDWR|O_CREAT, 0600 <unfinished ...>
11 mkdir("/b", 0777)                    = 0
10 <... openat resumed>)                = 3</a>
12 unlink("/c" <unfinished ...>
"""
    assert read_trace(lines, HERE).written == {Path("/a"), Path("/b"), Path("/c")}


def test_letters_that_strace_writes_as_numbers_are_read() -> None:
    lines = r'10 mkdir("/Gr\303\266\303\237e \"x\"", 0777) = 0'
    assert read_trace(lines, HERE).written == {Path('/Größe "x"')}


def test_sockets_are_told_by_their_family_and_name() -> None:
    lines = """\
10 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3<UNIX:[1]>
10 connect(3<UNIX:[1]>, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X7"}, 20) = 0
10 socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = -1 EAFNOSUPPORT (Address family not supported by protocol)
"""
    calls = read_trace(lines, HERE)
    assert calls.families == {"AF_UNIX", "AF_INET6"}
    assert calls.sockets == {"/tmp/.X11-unix/X7"}
