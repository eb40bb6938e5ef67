package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Sessions of others, as one has that got the number of a worker that has ended. */
final class RunningProcessesTest {

    private static final WorkerMark MARK = WorkerMark.next();

    private Process leader;
    private long member;

    /** A session with a leader and one more. */
    @BeforeEach
    void start() throws IOException {
        assumeTrue(Launch.ownSession(), "SKIPPED: there is no setsid");
        leader = new ProcessBuilder("setsid", "sh", "-c", "sleep 306 & echo $!; read -r line").start();
        BufferedReader out = leader.inputReader();
        member = Long.parseLong(out.readLine());
    }

    @AfterEach
    void end() {
        ProcessHandle.of(member).ifPresent(ProcessHandle::destroyForcibly);
        leader.destroyForcibly();
    }

    @Test
    void theSessionOfAWorkerIsFound() {
        assertThat(pids(RunningProcesses.startOf(leader.pid()))).containsExactlyInAnyOrder(leader.pid(), member);
    }

    @Test
    void theSessionOfSomebodyWhoHasGotThePidLaterIsNotTheWorkers() {
        long ofWorker = RunningProcesses.startOf(leader.pid()) - 1;
        assertThat(pids(ofWorker)).isEmpty();
        RunningProcesses.kill(leader.pid(), MARK, ofWorker, Map.of());
        assertThat(leader.isAlive()).isTrue();
        assertThat(ProcessHandle.of(member)).isPresent();
    }

    /** A worker whose child daemonises in the moment in which it ends. */
    @RepeatedTest(40)
    void whatDaemonisesInTheLastMomentIsFound() throws Exception {
        WorkerMark mark = WorkerMark.next();
        ProcessBuilder builder =
                new ProcessBuilder("setsid", "sh", "-c", "setsid sh -c 'sleep 7659 &' <&- >&- 2>&- & exit 0");
        builder.environment().put(WorkerMark.NAME, mark.value());
        Process worker = builder.start();
        long since = RunningProcesses.startOf(worker.pid());
        worker.waitFor();
        List<RunningProcesses.Found> found = RunningProcesses.of(worker.pid(), mark, since, Map.of());
        RunningProcesses.kill(worker.pid(), mark, since, Map.of());
        assertThat(found).isNotEmpty();
    }

    /** The worker was gone before its start could be read. */
    @Test
    void whereTheStartOfAWorkerIsNotKnownWhoHasItsPidIsSomebodyElse() {
        assertThat(pids(0)).isEmpty();
    }

    @Test
    void whoBeganBeforeTheWorkerIsNoneOfItsSession() throws Exception {
        long start = RunningProcesses.startOf(leader.pid());
        long ofMember = RunningProcesses.startOf(member);
        leader.destroyForcibly();
        Awaitility.await().until(() -> ProcessHandle.of(leader.pid()).isEmpty());
        assertThat(pids(start)).containsExactly(member);
        assertThat(pids(ofMember + 1)).isEmpty();
    }

    /** It looks like one that has ended. So does one that a driver holds: all its threads are gone but one. */
    @Test
    void oneWhoseFirstThreadHasEndedAndWhoseOthersRunOnIsFound() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "SKIPPED: there is no " + python + ": apt-get install python3");
        ProcessBuilder builder = new ProcessBuilder(python.toString(), "-c", """
                import ctypes, platform, threading, time
                threading.Thread(target=time.sleep, args=(306,)).start()
                ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[platform.machine()], 0)
                """);
        builder.environment().put(WorkerMark.NAME, MARK.value());
        Process half = builder.start();
        try {
            Awaitility.await()
                    .until(() -> Files.readString(Path.of("/proc", half.pid() + "", "stat"))
                            .contains(") Z "));
            assertThat(pids(RunningProcesses.startOf(leader.pid()))).contains(half.pid());
            RunningProcesses.kill(leader.pid(), MARK, RunningProcesses.startOf(leader.pid()), Map.of());
            assertThat(half.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            half.destroyForcibly();
        }
    }

    private List<Long> pids(long since) {
        return RunningProcesses.of(leader.pid(), MARK, since, Map.of()).stream()
                .map(RunningProcesses.Found::pid)
                .toList();
    }
}
