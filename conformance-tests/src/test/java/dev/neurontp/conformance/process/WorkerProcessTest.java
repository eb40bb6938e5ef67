package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.mutant.OwnPrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerProcessTest {

    @TempDir
    private Path folder;

    @Test
    void closingEndsWhatTheWorkerStarted() throws StartFailure {
        List<Long> pids;
        try (WorkerProcess worker = start("sleep 300 & echo $!; (setsid sleep 301 & echo $!; wait) & wait")) {
            pids = List.of(pid(worker), pid(worker));
            assertThat(pids).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isPresent());
        }
        Awaitility.await().untilAsserted(() -> assertThat(pids).noneMatch(WorkerProcessTest::lives));
    }

    /**
     * What comes after a deadline does not count, so that no wait lasts as long as a worker talks. The deadline was a second
     * before the worker began, so each of its lines is late, whichever process is faster.
     */
    @Test
    void whatComesAfterADeadlineDoesNotCount() throws StartFailure {
        Deadline over = Deadline.in(Duration.ofSeconds(-1));
        try (WorkerProcess worker = start("echo late; echo later; cat")) {
            // A line is in the queue at the latest when the one behind it is in the transcript.
            Awaitility.await()
                    .until(() -> worker.transcript().since(0).stream().anyMatch(line -> line.endsWith("later")));
            assertThat(worker.next(over)).isEmpty();
            assertThat(worker.next(Deadline.in(Duration.ofSeconds(10))).map(Output::toString))
                    .contains("late");
        }
    }

    /** What comes after a deadline does not count, however much of it there is. */
    @Test
    @Timeout(60)
    void aWorkerThatNeverStopsTalkingHoldsNobodyUp() throws StartFailure {
        try (WorkerProcess worker = start("yes noise")) {
            Deadline deadline = Deadline.in(Duration.ofMillis(300));
            int lines = 0;
            while (worker.next(deadline).isPresent()) {
                lines++;
            }
            assertThat(lines).isPositive();
            assertThat(worker.next(Deadline.in(Duration.ofSeconds(10)))).isPresent();
        }
    }

    @Test
    void aChildThatLostItsParentIsFoundByItsSession() throws StartFailure {
        long orphan;
        try (WorkerProcess worker = start("(sleep 302 & echo $!); exit 0")) {
            orphan = pid(worker);
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            assertThat(lives(orphan)).isTrue();
        }
        Awaitility.await().untilAsserted(() -> assertThat(lives(orphan)).isFalse());
    }

    /** As where a script puts a prefix before each line. */
    @Test
    void theLastWordsOfAHelperOnStderrAreHeard() throws StartFailure {
        try (WorkerProcess worker =
                start("read -r line; (while kill -0 $$; do :; done 2>/dev/null; echo late >&2) & exit 2")) {
            worker.write("end\n".getBytes(StandardCharsets.UTF_8));
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(worker.lastStderr()).contains("late"));
        }
    }

    /** As of {@code worker > >(cat)} on a busy host: the process has ended and was waited for before a reader has had its turn. */
    @Test
    void whatAHelperSaysAfterTheExitIsReadBySomeoneWhoComesLate() throws Exception {
        Path gate = folder.resolve("gate");
        String script = "(until [ -e " + gate + " ]; do :; done; echo late; echo late >&2) & exit 0";
        Started started = Launch.of(List.of("/bin/sh", "-c", script)).start(WorkerMark.next());
        started.process().onExit().get();
        Files.createFile(gate);
        assertThat(new String(started.stdout().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("late\n");
        assertThat(new String(started.stderr().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("late\n");
    }

    /** The end of its input would tell it that its leader is gone, which lives. */
    @Test
    void aWorkerThatOutlivesItsStartScriptKeepsItsStdin() throws Exception {
        Started started = Launch.of(List.of("/bin/sh", "-c", "exec 3<&0; (read -r line <&3; echo \"$line\") & exit 0"))
                .start(WorkerMark.next());
        started.process().onExit().get();
        started.stdin().write("heard\n".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(started.stdout().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("heard\n");
        started.stdin().close();
    }

    /** Its number may be somebody else's by then. */
    @Test
    void aWorkerThatHasEndedIsSentNoSignal() throws StartFailure {
        try (WorkerProcess worker = start("exec 3>&1; sh -c 'echo $$ >&3; exec sleep 307' | kill -9 $$")) {
            long ofItsGroup = pid(worker);
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            worker.signal("INT");
            assertThat(worker.transcript().since(0)).last().asString().endsWith("- SIGINT not sent: it has ended");
            assertThat(lives(ofItsGroup)).isTrue();
        }
    }

    /** With a session and pipes of its own: what it inherited tells whose it is. */
    @Test
    void aDaemonThatIsLeftBehindIsNamedAndEnded() throws StartFailure {
        long daemon;
        try (WorkerProcess worker = start("setsid sleep 303 </dev/null >/dev/null 2>&1 & echo $!; exit 0")) {
            daemon = pid(worker);
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            assertThat(worker.leftBehind(Duration.ofMillis(50)))
                    .singleElement()
                    .asString()
                    .contains("pid " + daemon)
                    .contains("sleep 303");
        }
        Awaitility.await().untilAsserted(() -> assertThat(lives(daemon)).isFalse());
    }

    /** Nothing but its parent tells whose it is, and that ends. */
    @ParameterizedTest
    @ValueSource(strings = {"the end of its input", "a signal", "a shutdown", "its end by the suite"})
    void aChildWithoutAnythingOfTheWorkersIsRemembered(String end) throws StartFailure {
        long child;
        try (WorkerProcess worker =
                start("env -i setsid sleep 308 </dev/null >/dev/null 2>&1 & echo $!; read -r line")) {
            child = pid(worker);
            // It is itself once it is that program.
            Awaitility.await().until(() -> commandOf(child).contains("sleep"));
            switch (end) {
                case "a signal" -> worker.signal("KILL");
                case "a shutdown" -> worker.write("{\"op\":\"shutdown\"}\n".getBytes(StandardCharsets.UTF_8));
                case "the end of its input" -> worker.closeStdin();
                default -> worker.settle(Duration.ofMillis(100));
            }
            if (!end.startsWith("its end")) {
                assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
                assertThat(worker.leftBehind(Duration.ofMillis(50)))
                        .singleElement()
                        .asString()
                        .contains("pid " + child)
                        .contains("sleep 308");
            }
        }
        Awaitility.await().untilAsserted(() -> assertThat(lives(child)).isFalse());
    }

    /** As of a program that is told to end while it still starts. */
    @Test
    void oneThatIsStartedAfterTheEndOfTheInputIsSeenWhileTheWorkerLives() throws Exception {
        Path gate = folder.resolve("gate");
        long child;
        try (WorkerProcess worker =
                start("read -r line; env -i setsid sleep 309 </dev/null >/dev/null 2>&1 & echo $!; until [ -e " + gate
                        + " ]; do :; done")) {
            worker.closeStdin();
            child = pid(worker);
            Awaitility.await().until(() -> commandOf(child).contains("sleep"));
            worker.look();
            Files.createFile(gate);
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            assertThat(worker.leftBehind(Duration.ofMillis(50)))
                    .singleElement()
                    .asString()
                    .contains("sleep 309");
        }
        Awaitility.await().untilAsserted(() -> assertThat(lives(child)).isFalse());
    }

    @Test
    void suchAHelperThatEndsWithTheWorkerIsNotLeftBehind() throws StartFailure {
        try (WorkerProcess worker = start("env -i /bin/setsid cat <&0 >/dev/null 2>&1 & echo $!; exec 0<&-; wait")) {
            pid(worker);
            worker.closeStdin();
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            assertThat(worker.leftBehind(Duration.ofSeconds(10))).isEmpty();
        }
    }

    @Test
    void aChildThatEndsWithTheWorkerIsNotLeftBehind() throws StartFailure {
        try (WorkerProcess worker = start("(read x <&3) 3<&0 & exec 0<&-; exit 0")) {
            worker.closeStdin();
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            assertThat(worker.leftBehind(Duration.ofSeconds(10))).isEmpty();
        }
    }

    /** Nobody waits for the end of a stdout that something else holds. */
    @Test
    void anEndIsSaidAlthoughAChildHoldsStdoutOpen() throws StartFailure {
        try (WorkerProcess worker = start("sleep 304 & echo $!; exit 0")) {
            long child = pid(worker);
            assertThat(worker.next(Deadline.in(Duration.ofMinutes(5)))).containsInstanceOf(Output.End.class);
            assertThat(lives(child)).isTrue();
        }
    }

    /** On a busy host the reader may get its turn long after the end of the worker: what the pipe holds still counts. */
    @ParameterizedTest
    @ValueSource(strings = {"", "sleep 305 & "})
    void whatIsReadLateComesBeforeTheEnd(String child) throws StartFailure {
        String line = "read go; echo '{\"op\":\"pong\"}'; ";
        try (WorkerProcess worker = start(child + line + line + "exit 0")) {
            List<Output> seen = new ArrayList<>();
            worker.pauseReading();
            worker.write(new byte[] {'\n'});
            // A read that was under way takes this one; the next one stays in the pipe.
            worker.next(Deadline.in(Duration.ofSeconds(1))).ifPresent(seen::add);
            worker.write(new byte[] {'\n'});
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            worker.next(Deadline.in(Duration.ofSeconds(2))).ifPresent(seen::add);
            worker.resumeReading();
            while (seen.isEmpty() || !(seen.getLast() instanceof Output.End)) {
                seen.add(worker.next(Deadline.in(Duration.ofSeconds(10))).orElseThrow());
            }
            assertThat(seen).hasExactlyElementsOfTypes(Output.Reply.class, Output.Reply.class, Output.End.class);
        }
    }

    /** Its silence would be taken for the worker's, and so would the end of a worker that nobody reads any more. */
    @Test
    void aReaderThatFailsIsNoSilenceOfTheWorker() throws StartFailure {
        Launch launch = new Launch(
                List.of("/bin/sh", "-c", "echo '{\"x\":1}'; cat"), 3, Map.of(), LaunchSettings.INHERITED, false, () -> {
                    throw new StackOverflowError();
                });
        try (WorkerProcess worker = WorkerProcess.start(launch)) {
            Deadline deadline = Deadline.in(Duration.ofSeconds(10));
            assertThatThrownBy(() -> worker.next(deadline))
                    .hasMessage("the judge failed at worker-" + worker.pid() + "-stdout: java.lang.StackOverflowError");
            assertThat(deadline.isOver()).isFalse();
            assertThatThrownBy(() -> worker.ending(Deadline.in(Duration.ofMillis(50))))
                    .hasMessageContaining("the judge failed at");
        }
    }

    @Test
    void aWriteDoesNotBlockWhereNobodyReads() throws StartFailure {
        try (WorkerProcess worker = start("sleep 300")) {
            worker.write(new byte[10 << 20]);
            assertThat(worker.ending()).isEmpty();
        }
    }

    @Test
    void aPausedReaderLeavesThePipeFull() throws StartFailure {
        try (WorkerProcess worker = start("read go; yes '{\"op\":\"x\"}' | head -n 40000; echo done >&2; sleep 300")) {
            worker.pauseReading();
            worker.write(new byte[] {'\n'});
            assertThat(worker.next(Deadline.in(Duration.ofMillis(300))))
                    .satisfiesAnyOf(
                            next -> assertThat(next).isEmpty(),
                            next -> assertThat(next).isPresent());
            assertThat(worker.transcript().stderrTail()).isEmpty();
            worker.resumeReading();
            Awaitility.await().until(() -> worker.transcript().stderrTail().contains("done"));
        }
    }

    /**
     * A shell waits for its child before it dies of SIGINT itself, so the signal must reach both. A build that is started
     * behind an & has SIGINT ignored, here and in every child: env makes it the default again.
     */
    @Test
    void anInterruptReachesAWorkerBehindAShell() throws StartFailure {
        try (WorkerProcess worker = start("exec env --default-signal=INT sh -c 'cat; exit $?'")) {
            // Its answer says that the child runs: a signal before that would reach the shell alone, which then waits.
            worker.write("1\n".getBytes(StandardCharsets.UTF_8));
            pid(worker);
            worker.signal("INT");
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10))).map(ExitStatus::exitCode))
                    .contains(130);
        }
    }

    /** Nobody can ask the kernel then. */
    @Test
    void whatItHasUsedIsKnownAfterItsEnd() throws StartFailure {
        try (WorkerProcess worker = start("while :; do :; done")) {
            Duration some = Duration.ofMillis(50);
            Awaitility.await().until(() -> worker.cpuTime().compareTo(some) >= 0);
            worker.signal("KILL");
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            assertThat(worker.cpuTime()).isGreaterThanOrEqualTo(some);
        }
    }

    @Test
    void whatCannotBeStartedIsSaidInWords() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "no program");
        assertThatThrownBy(() -> WorkerProcess.start(Launch.of(List.of("no-such-program"))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("PATH");
        assertThatThrownBy(() -> WorkerProcess.start(Launch.of(List.of(folder.toString()))))
                .hasMessageContaining("is a directory");
        assertThatThrownBy(() -> WorkerProcess.start(Launch.of(List.of(plain.toString()))))
                .hasMessageContaining("chmod +x");
    }

    /** Also of a program that would be found in the folder of the test itself. */
    @Test
    void aRelativeProgramIsThatOfTheWorkingDirectory() throws Exception {
        OwnPrograms.script(folder.resolve("worker"), "pwd; echo \"$GREETING\"\n");
        LaunchSettings settings = new LaunchSettings(Map.of("GREETING", "hello"), Optional.of(folder));
        try (WorkerProcess worker = WorkerProcess.start(Launch.of(List.of("./worker"), settings))) {
            assertThat(List.of(line(worker), line(worker)))
                    .containsExactly(folder.toRealPath().toString(), "hello");
        }
        assertThatThrownBy(() -> WorkerProcess.start(Launch.of(List.of("src/test/workers/naive.py"), settings)))
                .hasMessageContaining("does not exist in " + folder);
    }

    @Test
    void aWorkingDirectoryThatIsNoneIsNamed() {
        LaunchSettings settings = new LaunchSettings(Map.of(), Optional.of(folder.resolve("gone")));
        assertThatThrownBy(() -> WorkerProcess.start(Launch.of(List.of("/bin/sh"), settings)))
                .isInstanceOf(StartFailure.class)
                .hasMessage("the working directory '" + folder.resolve("gone") + "' is no directory");
    }

    /** Program and arguments in one word: what one types into a shell. */
    @ParameterizedTest
    @ValueSource(strings = {"python3 worker.py", "./worker --fast"})
    void aCommandThatIsOneWordIsToldFromAProgramThatIsMissing(String word) {
        assertThatThrownBy(() -> WorkerProcess.start(Launch.of(List.of(word))))
                .hasMessageContaining("give the program and each of its arguments as a word of its own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "A\0"})
    void aVariableThatCannotBeSetIsRefused(String name) {
        assertThatThrownBy(() -> new LaunchSettings(Map.of(name, "value"), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no variable can be called");
    }

    private static String line(WorkerProcess worker) {
        Output output = worker.next(Deadline.in(Duration.ofSeconds(10))).orElseThrow();
        return ((Output.Noise) output).line();
    }

    private static WorkerProcess start(String script) throws StartFailure {
        return WorkerProcess.start(Launch.of(List.of("/bin/sh", "-c", script)));
    }

    private static long pid(WorkerProcess worker) {
        return Long.parseLong(line(worker));
    }

    private static String commandOf(long pid) {
        return ProcessHandle.of(pid).flatMap(handle -> handle.info().command()).orElse("");
    }

    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
