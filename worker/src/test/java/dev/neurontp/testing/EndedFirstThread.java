package dev.neurontp.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A process whose first thread has ended and whose other one runs on. {@code /proc/PID/stat} calls it a zombie. It needs Python, since
 * Java's first thread waits for the others.
 */
public final class EndedFirstThread {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final String PROGRAM = """
            import ctypes, platform, threading, time
            threading.Thread(target=time.sleep, args=(622,)).start()
            exit = {"x86_64": 60, "aarch64": 93}[platform.machine()]  # of this thread alone
            ctypes.CDLL(None).syscall(exit, 0)
            """;

    private EndedFirstThread() {}

    /** The command; the test is skipped where it cannot be run. */
    public static List<String> command() {
        assumeTrue(Files.isExecutable(PYTHON), "SKIPPED: there is no " + PYTHON + ": apt-get install python3");
        return List.of(PYTHON.toString(), "-c", PROGRAM);
    }

    /** Waits until it is such a process. */
    public static void awaitIt(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        await().until(() -> Files.readString(stat).contains(") Z "));
    }
}
