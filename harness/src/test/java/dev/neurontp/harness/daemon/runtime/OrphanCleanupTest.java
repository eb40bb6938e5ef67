package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessTable;
import dev.neurontp.testing.FrozenProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the next daemon keeps apart of what one that was killed has left. */
@Timeout(120)
class OrphanCleanupTest {
    /** Of no process that there is, and of no other test that runs at the same time. */
    private static final long PID = ThreadLocalRandom.current().nextLong(1_000_000_000, 2_000_000_000);

    private static final DaemonFile DEAD = new DaemonFile(
            1, PID, 1, ProcessIdentity.thisBoot(), "http://x", "/t", "1", Instant.EPOCH, List.of(), null);

    @TempDir
    Path folder;

    private final RecordingHeir heir = new RecordingHeir();
    private RuntimeFolder runtime;
    private WorkerLedger ledger;
    private Process worker;

    @BeforeEach
    void aDaemonHasDied() throws IOException {
        runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        ledger = new WorkerLedger(runtime, DEAD);
        ProcessBuilder builder = new ProcessBuilder("sleep", "1000");
        builder.environment().put("NEURONTP_PROCESS_MARK", ProcessIdentity.thisBoot() + "-" + PID + "-1-7");
        worker = builder.start();
    }

    @AfterEach
    void nothingIsLeft() {
        worker.destroyForcibly();
    }

    private ProcessIdentity identity() {
        return ProcessIdentity.of(worker.pid()).orElseThrow();
    }

    private boolean gone() {
        return heir.here.getFirst().remains().gone(ProcessTable::read);
    }

    @Test
    void aLeftoverThatCannotBeRemovedKeepsNothingElseThere() throws Exception {
        DEAD.listeningAt("http://127.0.0.1:2", List.of()).write(runtime);
        Path left = Files.createDirectories(runtime.path().resolve(".token.4242/full"))
                .getParent();
        Files.setLastModifiedTime(left, FileTime.from(Instant.EPOCH));
        assertThat(heir.clean(runtime))
                .anyMatch(line -> line.contains("cannot be cleaned up"))
                .anyMatch(line -> line.contains("pid " + PID) && line.endsWith("its file is removed"));
    }

    /** As one that waits inside a driver. */
    @Test
    void aDeviceIsKeptApartAsLongAsItsRankIsThereAlsoByTheDaemonAfterTheNext() throws Exception {
        ledger.add("abc", List.of(new RankProcess(0, identity(), Optional.of(3L))));
        Path file = runtime.workersFiles(PID).getFirst();
        try (FrozenProcess _ = FrozenProcess.of(worker.pid())) {
            assertThat(heir.clean(runtime)).anyMatch(line -> line.contains("still runs after SIGKILL"));
            assertThat(heir.here).singleElement().satisfies(left -> {
                assertThat(left.device()).isEqualTo(3);
                assertThat(left.pool()).isEqualTo("abc");
            });
            assertThat(gone()).isFalse();
            assertThat(file).exists();
        }
        worker.waitFor();
        assertThat(gone()).isTrue();
        RecordingHeir next = new RecordingHeir();
        assertThat(next.clean(runtime)).isEmpty();
        assertThat(next.here).hasSize(1);
        assertThat(file).doesNotExist();
    }

    /** It was killed while it started the ranks of its first pool. */
    @Test
    void theWorkersOfADaemonWithoutAListGoToo() throws Exception {
        DEAD.write(runtime);
        assertThat(heir.clean(runtime))
                .anyMatch(line -> line.equals(
                        "sleep (pid " + worker.pid() + "), which its workers started, was ended with SIGTERM"))
                .anyMatch(line -> line.contains("pid " + PID) && line.endsWith("its file is removed"));
        assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatAWorkerStartsWhenItIsToldToEndGoesToo() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "trap 'setsid sleep 7661 & exit' TERM; echo ready; while :; do sleep 0.1; done");
        builder.environment().put("NEURONTP_PROCESS_MARK", ProcessIdentity.thisBoot() + "-" + PID + "-1-8");
        Process heirs = builder.start();
        assertThat(heirs.inputReader().readLine()).isEqualTo("ready");
        ledger.add(
                "abc",
                List.of(
                        new RankProcess(0, identity(), Optional.empty()),
                        new RankProcess(1, ProcessIdentity.of(heirs.pid()).orElseThrow(), Optional.empty())));
        assertThat(heir.clean(runtime))
                .anyMatch(
                        line -> line.matches(
                                // One can be seen before it has become its program.
                                "(sh|setsid|sleep) \\(pid \\d+\\), which its workers started at their end, was ended with SIGKILL"));
    }

    /** It may hold the device of any of its workers. */
    @Test
    void aDeviceIsKeptApartAsLongAsAnythingIsThereThatItsDaemonHasStarted() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ProcessIdentity gone = ProcessIdentity.ofKnown(ended.pid());
        ended.waitFor();
        ledger.add("abc", List.of(new RankProcess(0, gone, Optional.of(3L))));
        new OrphanCleanup(runtime, heir).takeOver();
        assertThat(gone()).isFalse();
        worker.destroyForcibly().waitFor();
        assertThat(gone()).isTrue();
    }

    /** Each is known to hold its own. */
    @Test
    void oneThatIsThereKeepsOnlyItsOwnDeviceApart() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ProcessIdentity gone = ProcessIdentity.ofKnown(ended.pid());
        ended.waitFor();
        ledger.add(
                "abc",
                List.of(new RankProcess(0, gone, Optional.of(3L)), new RankProcess(1, identity(), Optional.of(4L))));
        new OrphanCleanup(runtime, heir).takeOver();
        assertThat(gone()).isTrue();
        assertThat(heir.here.getLast().remains().gone(ProcessTable::read)).isFalse();
        assertThat(heir.here.getLast().rank()).isEqualTo(1);
    }

    /** The daemon after the next would count a new lease each time. */
    @Test
    void aFileThatStaysTellsOfOtherHostsOnce() throws Exception {
        PlacedRank far = PlacedRank.starting(
                "abc", 0, "far", "far-2", "far-2", 4, true, Duration.ofHours(1), Optional.empty(), Optional.empty());
        ledger.place("abc", List.of(far));
        ledger.add("here", List.of(new RankProcess(0, identity(), Optional.of(3L))));
        try (FrozenProcess _ = FrozenProcess.of(worker.pid())) {
            heir.clean(runtime);
            assertThat(heir.inherited).hasSize(1);
            RecordingHeir next = new RecordingHeir();
            next.clean(runtime);
            assertThat(next.inherited).isEmpty();
            assertThat(next.here).hasSize(1);
        }
    }

    /** An end can take seconds, and a start waits for them only so long. */
    @Test
    void allIsKeptApartBeforeTheFirstIsEnded() throws Exception {
        ledger.add("abc", List.of(new RankProcess(0, identity(), Optional.of(3L))));
        new OrphanCleanup(runtime, heir).takeOver();
        assertThat(heir.here).hasSize(1);
        assertThat(worker.isAlive()).isTrue();
    }

    /** The list alone does not prove that it is its worker, and it may hold the device. */
    @Test
    void theDeviceOfAProcessThatMustNotBeEndedIsKeptApart() throws Exception {
        Process unmarked = new ProcessBuilder("sleep", "1000").start();
        try {
            ProcessIdentity process = ProcessIdentity.of(unmarked.pid()).orElseThrow();
            ledger.add("abc", List.of(new RankProcess(0, process, Optional.of(3L))));
            Path file = runtime.workersFiles(PID).getFirst();
            assertThat(heir.clean(runtime)).anyMatch(line -> line.contains("is left alone"));
            assertThat(unmarked.isAlive()).isTrue();
            assertThat(gone()).isFalse();
            assertThat(file).exists();
        } finally {
            unmarked.destroyForcibly();
        }
    }

    /** Where the disk is full, and the next daemon is killed too, the third has to know. */
    @Test
    void theFileStaysWhereWhatItTellsOfOtherHostsIsNotWrittenDown() throws Exception {
        PlacedRank far = PlacedRank.starting(
                "abc", 0, "far", "far-2", "far-2", 4, true, Duration.ofHours(1), Optional.empty(), Optional.empty());
        ledger.place("abc", List.of(far));
        Path file = runtime.workersFiles(PID).getFirst();
        heir.writes = false;
        heir.clean(runtime);
        assertThat(heir.inherited).hasSize(1);
        assertThat(file).exists();
        heir.writes = true;
        heir.clean(runtime);
        assertThat(file).doesNotExist();
    }
}
