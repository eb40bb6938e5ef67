package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a worker ends (L1 to L5). */
class WorkerLifeIT {
    private static final String PING = "{\"op\":\"ping\"}";
    private static final String SHUTDOWN = "{\"op\":\"shutdown\"}";
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration BLOCKED = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void endOfInputEndsItWithoutABye() {
        try (ProgramProcess worker = ProgramProcess.neuron("--worker")) {
            worker.ask(PING);
            worker.closeStdin();
            assertThat(worker.exitCode(IDLE)).isZero();
            worker.expectEndOfStdout();
        }
    }

    @Test
    void aLastLineWithoutItsEndIsAnswered() {
        try (ProgramProcess worker = ProgramProcess.neuron("--worker")) {
            worker.sendBytes(PING.getBytes(StandardCharsets.UTF_8));
            worker.closeStdin();
            assertThat(worker.line()).contains("pong");
            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void shutdownIsAnsweredThenItExitsWithStdinOpenAndDropsWhatFollows() {
        try (ProgramProcess worker = ProgramProcess.neuron("--worker")) {
            worker.send(PING, SHUTDOWN, PING, PING);
            assertThat(worker.line()).contains("pong");
            assertThat(worker.line()).isEqualTo("{\"op\":\"bye\"}");
            worker.expectEndOfStdout();
            assertThat(worker.exitCode(IDLE)).isZero();
        }
    }

    /** Also where Java takes no signals. */
    @ParameterizedTest
    @ValueSource(strings = {"", "-Xrs"})
    void termAndInterruptEndIt(String option) {
        List<String> command = Programs.interruptible(List.of(Programs.neuron(), "--worker"));
        for (String signal : List.of("TERM", "INT")) {
            try (ProgramProcess worker = ProgramProcess.command(Map.of("NEURON_JAVA_OPTS", option), command)) {
                worker.ask(PING);
                worker.signal(signal);
                assertThat(worker.exitCode(IDLE)).isEqualTo(signal.equals("TERM") ? 143 : 130);
            }
        }
    }

    /** Java's own end waits 300 ms for the thread that reads stdin; a parent of Java cannot tell the two. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15})
    void theKernelEndsItByTheSignalItself(int signal) throws InterruptedException {
        assumeTrue(Programs.runs(List.of("python3", "--version")), "there is no python3");
        String parent = """
                import signal, subprocess, sys
                for number in (1, 2, 15):
                    signal.signal(number, signal.SIG_DFL)
                worker = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                worker.stdin.write(b'{"op":"ping"}\\n')
                worker.stdin.flush()
                worker.stdout.readline()
                worker.send_signal(int(sys.argv[1]))
                print(worker.wait())
                """;
        List<String> command =
                List.of("python3", "-c", parent, Integer.toString(signal), Programs.neuron(), "--worker");
        try (ProgramProcess python = ProgramProcess.command(Map.of(), command)) {
            assertThat(python.line()).isEqualTo("-" + signal);
        }
    }

    /** The kernel keeps from process 1 of a container every signal that it does not handle itself. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void asProcess1ASignalEndsItToo(String signal) throws Exception {
        List<String> first = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
        assumeTrue(
                Programs.runs(Programs.concat(first, "true")), "SKIPPED: this user may not make a namespace of pids");
        List<String> command =
                Programs.interruptible(Programs.concat(Programs.concat(first, Programs.neuron()), "--worker"));
        try (ProgramProcess unshare = ProgramProcess.command(Map.of(), command)) {
            unshare.ask(PING);
            long worker = unshare.process().children().findFirst().orElseThrow().pid();
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(worker))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(unshare.exitCode(BLOCKED)).isNotZero();
        }
    }

    @Test
    void aReplyThatCannotBeWrittenEndsItWithAnError() throws IOException, InterruptedException {
        Process worker = new ProcessBuilder(Programs.neuron(), "--worker")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            write(worker, PING + "\n");
            assertThat(worker.getInputStream().read()).isEqualTo('{');
            worker.getInputStream().close();
            write(worker, PING + "\n");
            assertThat(worker.waitFor(ProgramProcess.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(worker.exitValue()).isEqualTo(ExitCode.FAILED);
        } finally {
            worker.destroyForcibly();
        }
    }

    private static void write(Process worker, String text) throws IOException {
        worker.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        worker.getOutputStream().flush();
    }

    @Test
    void theProcessThatWasStartedIsTheWorker() {
        try (ProgramProcess worker = ProgramProcess.neuron("--worker")) {
            worker.ask(PING);
            assertThat(worker.process().info().command())
                    .hasValueSatisfying(c -> assertThat(c).endsWith("/bin/java"));
            assertThat(worker.process().children()).isEmpty();
        }
    }

    @Test
    void anIdleWorkerIsGoneSoonAfterItsLeaderWasKilled() {
        endsWith("", IDLE, "");
    }

    @Test
    void aWorkerInABlockingInitIsGoneInTimeAfterItsLeaderWasKilled() {
        endsWith("hang", BLOCKED, "aborting");
    }

    @Test
    void aWorkerWhoseAbortHangsTooIsGoneInTime() {
        endsWith("stuck", BLOCKED, "halting");
    }

    @Test
    void linesPipelinedBehindABlockingInitDoNotHideTheEndOfInput() {
        endsWith("hang", BLOCKED, "aborting", (PING + "\n").repeat(3000));
    }

    /** The leader holds both pipes of the worker; what it waits for is for nobody once it is killed, and gets no grace. */
    @Test
    void aWorkerWhoseRepliesNobodyCanReadAnyMoreGivesUpAtOnce() {
        String script = "mkfifo \"$0/in\" \"$0/out\"; "
                + "\"$1\" --worker --communicator loopback <\"$0/in\" >\"$0/out\" & echo $!; exec 5>\"$0/in\" 6<\"$0/out\"; "
                + "echo '{\"op\":\"ping\"}' >&5; read -r pong <&6; echo \"$pong\"; echo \"$2\" >&5; exec sleep 1000";
        Map<String, String> environment =
                Map.of("NEURON_LOG", "debug", "NEURON_LOOPBACK_FAULT", "rank=0,at=init,do=hang");
        try (ProgramProcess creator = ProgramProcess.neuron("--comm-id", "--communicator", "loopback");
                ProgramProcess leader = ProgramProcess.command(
                        environment,
                        List.of(
                                "sh",
                                "-c",
                                script,
                                folder.toString(),
                                Programs.neuron(),
                                "{\"op\":\"init\",\"comm_id\":\"" + creator.line() + "\"}"))) {
            ProcessHandle worker =
                    ProcessHandle.of(Long.parseLong(leader.line())).orElseThrow();
            assertThat(leader.line()).contains("pong");
            leader.awaitLog("joining");
            leader.signal("KILL");
            Awaitility.await().atMost(BLOCKED).until(() -> !runs(worker));
            assertThat(leader.stderr()).contains("the leader is gone: aborting").doesNotContain("does not come");
        }
    }

    private void endsWith(String fault, Duration limit, String logged) {
        endsWith(fault, limit, logged, "");
    }

    /** The leader is a cat that feeds the worker's stdin; it is killed by SIGKILL. */
    private void endsWith(String fault, Duration limit, String logged, String pipelined) {
        String worker =
                "mkfifo \"$0/in\"; \"$1\" --worker --communicator loopback <\"$0/in\" & echo $!; exec cat >\"$0/in\"";
        Map<String, String> environment = fault.isEmpty()
                ? Map.of()
                : Map.of("NEURON_LOG", "debug", "NEURON_LOOPBACK_FAULT", "rank=0,at=init,do=" + fault);
        List<String> command = List.of("sh", "-c", worker, folder.toString(), Programs.neuron());
        try (ProgramProcess creator = ProgramProcess.neuron("--comm-id", "--communicator", "loopback");
                ProgramProcess leader = ProgramProcess.command(environment, command)) {
            String commId = creator.line();
            ProcessHandle handle =
                    ProcessHandle.of(Long.parseLong(leader.line())).orElseThrow();
            try {
                assertThat(leader.ask(PING)).contains("pong");
                if (!fault.isEmpty()) {
                    leader.send("{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}\n" + pipelined);
                    leader.awaitLog("joining");
                }
                leader.signal("KILL");
                Awaitility.await().atMost(limit).until(() -> !runs(handle));
                assertThat(leader.stderr()).contains(logged);
            } finally {
                handle.destroyForcibly();
            }
        }
    }

    /** A zombie has ended: it is for whoever adopted it to reap, which some do seconds later. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "stat"), StandardCharsets.ISO_8859_1);
            return process.isAlive() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException _) {
            return false;
        }
    }
}
