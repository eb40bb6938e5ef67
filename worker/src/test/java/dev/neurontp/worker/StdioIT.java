package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standard streams as whoever starts a worker may leave them: nobody reads stderr, or a sibling has made one non-blocking. */
@Tag("long")
@Timeout(120)
class StdioIT {
    private static final String PING = "{\"op\":\"ping\"}";
    private static final String BAD_INIT = "{\"op\":\"init\",\"comm_id\":\"zz\"}";
    /** A pipe that is full, and open at both ends, becomes descriptor 8. */
    private static final String FULL_PIPE =
            "mkfifo \"$0/err\"; exec 8<>\"$0/err\"; dd if=/dev/zero of=\"$0/err\" bs=4096 oflag=nonblock 2>&-; ";

    @TempDir
    Path folder;

    private ProgramProcess sh(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, folder.toString()));
        command.add(Programs.neuron());
        command.addAll(Arrays.asList(arguments));
        return ProgramProcess.command(Map.of("NEURON_LOG", "debug"), command);
    }

    private ProgramProcess withFullStderr(String... arguments) {
        return sh(FULL_PIPE + "exec \"$@\" 2>&8", arguments);
    }

    @Test
    void aWorkerWhoseStderrIsFullAnswersAndEndsWithItsInput() {
        try (ProgramProcess worker = withFullStderr("--worker", "--communicator=loopback")) {
            worker.ask(PING);
            assertThat(worker.ask(BAD_INIT)).contains("nccl_init_failed");
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void aWorkerWhoseStderrIsFullEndsWhenItsStdoutIsDead() {
        try (ProgramProcess worker = sh(FULL_PIPE + "\"$@\" 2>&8 3>&- | head -n 1; echo over", "--worker")) {
            assertThat(worker.ask(PING)).contains("pong");
            worker.send(PING, PING, PING);
            assertThat(worker.line()).isEqualTo("over");
        }
    }

    @Test
    void aProgramWhoseStderrIsFullStillExitsWithItsCode() {
        try (ProgramProcess wrong = withFullStderr("--worker", "--rank=x")) {
            assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
        }
        try (ProgramProcess noNccl = withFullStderr("--comm-id", "--communicator=nccl")) {
            assertThat(noNccl.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        }
    }

    @Test
    void whoReadsStderrAgainIsToldHowMuchWasDropped() throws IOException {
        try (ProgramProcess worker = withFullStderr("--worker", "--communicator=loopback")) {
            for (int i = 0; i < 5000; i++) {
                assertThat(worker.ask(BAD_INIT)).contains("nccl_init_failed");
            }
            try (BufferedReader stderr = new BufferedReader(
                    new InputStreamReader(Files.newInputStream(folder.resolve("err")), StandardCharsets.ISO_8859_1))) {
                String line = stderr.readLine();
                assertThat(line).contains("joining a group of 1");
                while (!line.contains("log records were dropped here")) {
                    line = stderr.readLine();
                }
            }
        }
    }

    @Test
    void aNonBlockingStdinIsWaitedFor() {
        try (ProgramProcess worker = sh("dd iflag=nonblock count=0 2>&-; exec \"$@\"", "--worker")) {
            assertThat(worker.ask(PING)).contains("pong");
            assertThat(worker.ask(PING)).contains("pong");
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void aStdinThatASiblingMakesNonBlockingLaterIsWaitedFor() throws IOException {
        String sibling =
                "mkfifo \"$0/go\"; exec 7<&0; { read -r _ <\"$0/go\"; dd iflag=nonblock count=0 <&7 2>&-; echo done; } &"
                        + " exec \"$@\" 7<&-";
        try (ProgramProcess worker = sh(sibling, "--worker")) {
            assertThat(worker.ask(PING)).contains("pong");
            Files.writeString(folder.resolve("go"), "\n");
            assertThat(worker.line()).isEqualTo("done");
            for (int i = 0; i < 3; i++) {
                assertThat(worker.ask(PING)).contains("pong");
            }
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void theCreatorOfACommIdWaitsForANonBlockingStdinToo() {
        try (ProgramProcess creator =
                sh("dd iflag=nonblock count=0 2>&-; exec \"$@\"", "--comm-id", "--communicator=loopback")) {
            String commId = creator.line();
            try (ProgramProcess worker = ProgramProcess.worker(Map.of(), "loopback", 0, 1, 0)) {
                assertThat(worker.ask("{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}"))
                        .contains("init_ok");
            }
            creator.closeStdin();
            assertThat(creator.exitCode()).isZero();
        }
    }

    @Test
    void repliesToANonBlockingStdoutThatIsFullAreComplete() {
        int pings = 4000;
        try (ProgramProcess worker = sh(
                "exec 7<&0; { dd oflag=nonblock count=0 2>&-; exec \"$@\" <&7; } | { read -r go; cat; }", "--worker")) {
            for (int i = 0; i < pings / 2; i++) {
                worker.send(PING);
            }
            for (int i = 1; i < pings / 2; i++) {
                assertThat(worker.line()).contains("pong");
            }
        }
    }

    @Test
    void linesOnANonBlockingStderrAreComplete() {
        String pipe = "mkfifo \"$0/err\"; cat \"$0/err\" >&2 & exec 9>\"$0/err\"; dd oflag=nonblock count=0 >&9 2>&-;";
        try (ProgramProcess worker = sh(pipe + " exec \"$@\" 2>&9 9>&-", "--worker", "--communicator=loopback")) {
            for (int i = 0; i < 1000; i++) {
                worker.ask(BAD_INIT);
            }
            worker.ask("{\"op\":\"init\",\"comm_id\":\"last\"}");
            worker.awaitLog("comm_id has 4 characters");

            assertThat(worker.stderr().split("init failed: comm_id has 2 characters", -1))
                    .hasSize(1001);
        }
    }
}
