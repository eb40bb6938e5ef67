package dev.neurontp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;

class SignalsTest {
    /** A program of many threads that never wait. */
    static final class Busy {
        public static void main(String[] arguments) throws IOException {
            for (int i = 0; i < 8; i++) {
                Thread.ofPlatform().daemon().start(() -> {
                    while (true) {
                        Thread.onSpinWait();
                    }
                });
            }
            System.out.println("busy");
            System.in.transferTo(System.out);
        }
    }

    @RepeatedTest(3)
    void afterAStopEveryThreadStandsStillUntilTheProcessGoesOn() throws Exception {
        List<String> busy = Programs.java("-cp", System.getProperty("java.class.path"), Busy.class.getName());
        try (ProgramProcess program = ProgramProcess.command(Map.of(), busy)) {
            assertThat(program.line()).isEqualTo("busy");
            assertThat(Signals.isStopped(program.pid())).isFalse();
            program.signal("STOP");
            assertThat(states(program.pid())).hasSizeGreaterThan(8).containsOnly("T (stopped)");
            program.send("on").signal("CONT");
            assertThat(program.line()).isEqualTo("on");
            program.closeStdin();
            assertThat(program.exitCode()).isZero();
        }
    }

    private static List<String> states(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.map(thread -> state(thread.resolve("status"))).toList();
        }
    }

    private static String state(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("State:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("State:".length())
                    .strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
