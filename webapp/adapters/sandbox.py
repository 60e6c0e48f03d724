"""A process shuts itself in for good before it looks at bytes of strangers (evidence.md D4, T39).

On Linux (x86-64, ARM64) the kernel then answers every call but those of a sum in memory with "not permitted" (seccomp): no
file is opened, no socket, no process, no program; that holds for root too, and cannot be taken back. Limits come besides:
memory, processor time, no file to grow, no descriptor to be added. Elsewhere, or where the kernel has no such filter, there are
only these limits, and the log says so. Nothing here needs rights, settings or packages of the system.
"""

import ctypes
import os
import platform
import resource
import struct
import sys

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 10
NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2
NOT_PERMITTED, ALLOWED = 0x00050001, 0x7FFF0000  # SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ALLOW
LOAD, EQUALS, RETURN = 0x20, 0x15, 0x06

# read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn mremap madvise
# getpid exit gettid futex clock_gettime exit_group getrandom rseq membarrier
KINDS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 25, 28, 39, 60, 186, 202, 228, 231, 318, 334, 324)),
    "aarch64": (0xC00000B7, (63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 216, 233, 172, 93, 178, 98, 113, 94, 278,
                             293, 283)),
}


def shut_in(keep: int) -> bool:
    """From now on this process has the descriptor `keep`, memory and time. False: there are only the limits. Raises OSError."""
    os.closerange(0, keep)
    os.closerange(keep + 1, 65536)
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_FSIZE, 0),
                       (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 0)):
        resource.setrlimit(what, (most, most))
    if sys.platform == "linux" and platform.machine() in KINDS:
        return _allow_only(*KINDS[platform.machine()])
    return False


def _allow_only(machine: int, calls: tuple[int, ...]) -> bool:
    """A filter of the kernel: another machine's calls and every call not named are answered with EPERM."""
    rules = [_rule(LOAD, 4), _rule(EQUALS, machine, 1, 0), _rule(RETURN, NOT_PERMITTED), _rule(LOAD, 0)]
    for left, call in zip(range(len(calls), 0, -1), calls, strict=True):
        rules.append(_rule(EQUALS, call, left, 0))  # over the calls that follow and over the refusal
    rules += [_rule(RETURN, NOT_PERMITTED), _rule(RETURN, ALLOWED)]
    code = ctypes.create_string_buffer(b"".join(rules))
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(code))
    kernel = ctypes.CDLL(None, use_errno=True)
    return bool(kernel.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and kernel.prctl(SET_SECCOMP, FILTER, program, 0, 0) == 0)


def _rule(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
