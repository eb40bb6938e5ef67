package dev.neurontp.ops.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process whose environment and command line have no end: 3 GiB that cost it nothing. */
class ProcTextTest {
    private static final String ENDLESS = """
            import ctypes, struct, sys
            libc = ctypes.CDLL(None, use_errno=True)
            libc.mmap.restype = libc.sbrk.restype = ctypes.c_void_p
            libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
            libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong]
            size = 3 << 30
            at = libc.mmap(None, size, 1, 2 | 0x20 | 0x4000, -1, 0)
            now = [0] * 3 + [int(n) for n in open('/proc/self/stat').read().rpartition(')')[2].split()[1:]]
            code, data, heap = now[26 - 1:27], now[45 - 1:46], now[47 - 1]
            ends = [at, at + size - 4096] * 2
            stack = now[28 - 1]
            layout = struct.pack('11QQII', *code, *data, heap, libc.sbrk(0), stack, *ends, 0, 0, 0xffffffff)
            # PR_SET_MM, PR_SET_MM_MAP
            done = libc.prctl(35, 14, layout, len(layout), 0)
            print('endless' if done == 0 else 'errno %d' % ctypes.get_errno(), flush=True)
            sys.stdin.read()
            """;

    @Test
    void whatHasNoEndIsReadUpToABound() throws Exception {
        Process endless = new ProcessBuilder("python3", "-c", ENDLESS).start();
        try {
            String said = new BufferedReader(new InputStreamReader(endless.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            assumeTrue("endless".equals(said), () -> "SKIPPED: this user, or this kernel, sets no such end: " + said);
            assertThat(OwnerTag.of(file(endless.pid()))).isEmpty();
            for (String file : List.of("environ", "cmdline")) {
                assertThat(ProcText.of(endless.pid(), file)).hasSizeLessThanOrEqualTo(ProcText.MOST_BYTES);
            }
        } finally {
            endless.destroyForcibly().waitFor();
        }
    }

    private static DaemonFile file(long pid) throws IOException {
        ProcessIdentity identity = ProcessIdentity.of(pid).orElseThrow();
        return new DaemonFile(
                1,
                pid,
                identity.startTicks(),
                identity.bootId(),
                "http://127.0.0.1:1",
                "/token",
                "0",
                Instant.EPOCH,
                List.of(),
                null);
    }
}
