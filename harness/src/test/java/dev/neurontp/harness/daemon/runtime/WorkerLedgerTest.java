package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.testing.HungFileSystem;
import dev.neurontp.testing.SmallFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The list of workers is right again once its folder takes it, and no pool waits for a folder that does not answer. */
class WorkerLedgerTest {
    @TempDir
    Path folder;

    private static DaemonFile self() {
        return DaemonFile.ofThisProcess("http://127.0.0.1:1", Path.of("/t"), "1", Instant.now());
    }

    private static List<String> listed(RuntimeFolder runtime, DaemonFile self) throws IOException {
        return WorkersFile.read(runtime.workersFiles(self.pid()).getFirst()).workers().stream()
                .map(WorkersFile.Worker::pool)
                .toList();
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenOnceThereIsRoom() throws Exception {
        DaemonFile self = self();
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            RuntimeFolder runtime = RuntimeFolder.at(full.path());
            WorkerLedger ledger = new WorkerLedger(runtime, self);
            ledger.add("ended", RankProcesses.of(self.identity()));
            ledger.keep();
            full.fill();
            ledger.add("lives", RankProcesses.of(self.identity()));
            ledger.remove("ended");
            ledger.keep();
            assertThat(listed(runtime, self)).containsExactly("ended");
            full.makeRoom();
            ledger.keep();
            assertThat(listed(runtime, self)).containsExactly("lives");
        }
    }

    @Test
    void whatIsWrittenIsLeftAlone() throws Exception {
        DaemonFile self = self();
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        WorkerLedger ledger = new WorkerLedger(runtime, self);
        ledger.add("lives", RankProcesses.of(self.identity()));
        ledger.keep();
        Path file = runtime.workersFiles(self.pid()).getFirst();
        Object written = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        ledger.keep();
        assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .isEqualTo(written);
    }

    @Test
    void aListOfNobodyThatIsGoneIsNotWrittenAgain() throws Exception {
        DaemonFile self = self();
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        WorkerLedger ledger = new WorkerLedger(runtime, self);
        ledger.add("ended", RankProcesses.of(self.identity()));
        ledger.remove("ended");
        Path file = runtime.workersFiles(self.pid()).getFirst();
        Files.delete(file);
        ledger.keep();
        assertThat(file).doesNotExist();
    }

    @Test
    void aLostRankKeepsTheListUntilItsLeaseIsOver() throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        WorkerLedger ledger = new WorkerLedger(runtime, self());
        PlacedRank rank = PlacedRank.starting(
                "lost", 0, "far", "far-2", "far-2", 4, true, Duration.ofSeconds(1), Optional.empty(), Optional.empty());
        Process launcher = new ProcessBuilder("true").start();
        ProcessIdentity ended = ProcessIdentity.ofKnown(launcher.pid());
        launcher.waitFor();
        ledger.add("lost", RankProcesses.of(ended));
        ledger.place("lost", List.of(rank.until(Instant.now().plus(Duration.ofHours(1)))));
        assertThat(ledger.isEmpty()).isFalse();
        ledger.place("lost", List.of(rank.until(Instant.now().minusMillis(1))));
        assertThat(ledger.isEmpty()).isTrue();
        ledger.add("lost", RankProcesses.of(self().identity()));
        assertThat(ledger.isEmpty()).as("its launcher lives").isFalse();
    }

    /** Of one whose start has failed there is no process here. */
    @Test
    void ranksOnOtherHostsOfAFailedStartKeepTheListUntilTheirLeasesAreOver() throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        WorkerLedger ledger = new WorkerLedger(runtime, self());
        PlacedRank rank = PlacedRank.starting(
                "lost", 0, "far", "far-2", "far-2", 4, true, Duration.ofSeconds(1), Optional.empty(), Optional.empty());
        ledger.place("lost", List.of(rank.until(Instant.now().plus(Duration.ofHours(1)))));
        assertThat(ledger.isEmpty()).isFalse();
        ledger.place("lost", List.of(rank.until(Instant.now().minusMillis(1))));
        assertThat(ledger.isEmpty()).isTrue();
    }

    @Test
    void aPoolOfThisHostKeepsTheListUntilNothingOfItsLostRanksIsThere() throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        WorkerLedger ledger = new WorkerLedger(runtime, self());
        Process left = new ProcessBuilder("sleep", "1000").start();
        Process worker = new ProcessBuilder("true").start();
        ledger.add("lost", RankProcesses.of(ProcessIdentity.ofKnown(worker.pid())));
        worker.waitFor();
        assertThat(ledger.isEmpty()).as("nobody says what is left").isFalse();
        ledger.lost("lost", List.of(Remains.of(List.of(ProcessIdentity.ofKnown(left.pid())))));
        assertThat(ledger.isEmpty()).isFalse();
        left.destroyForcibly().waitFor();
        assertThat(ledger.isEmpty()).isTrue();
    }

    /** Who ends a start interrupts whoever writes of it: nothing is wrong with the folder. */
    @Test
    void aWriteIsMadeWhoeverInterrupts() throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        WorkerLedger ledger = new WorkerLedger(runtime, self());
        Thread.currentThread().interrupt();
        Optional<String> obstacle = ledger.place("far", List.of());
        assertThat(Thread.interrupted()).as("it is told all the same").isTrue();
        assertThat(obstacle).isEmpty();
    }

    /** As one that stands in a driver with its memory locked: whoever reads its environment waits. */
    @Test
    @Timeout(60)
    void aLookThatHangsHoldsUpNobodyAndIsNoEnd() throws Exception {
        WorkerLedger ledger = new WorkerLedger(RuntimeFolder.at(folder.resolve("run")), self());
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        ledger.lost("lost", List.of(new Remains(List.of(), Optional.of(_ -> {
            begun.countDown();
            awaitQuietly(answer);
            return List.of();
        }))));
        FutureTask<Boolean> asked = new FutureTask<>(ledger::isEmpty);
        Thread.ofPlatform().daemon().start(asked);
        begun.await();
        assertThat(ledger.hasInherited()).as("its lock is free").isFalse();
        assertThat(asked.get()).isFalse();
        answer.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Timeout(60)
    void aFolderThatDoesNotAnswerHoldsUpNoPool() throws Exception {
        DaemonFile self = self();
        Path place = folder.resolve("hung");
        WorkerLedger ledger = new WorkerLedger(RuntimeFolder.at(place), self);
        try (HungFileSystem _ = HungFileSystem.mount(place)) {
            for (int pool = 0; pool < 50; pool++) {
                ledger.add("p" + pool, RankProcesses.of(self.identity()));
            }
            for (int pool = 0; pool < 50; pool++) {
                assertThat(ledger.isEmpty()).isFalse();
                ledger.remove("p" + pool);
            }
            assertThat(ledger.isEmpty()).isTrue();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("worker-ledger"))
                    .as("threads that wait for it")
                    .hasSizeLessThanOrEqualTo(1);
        } finally {
            ledger.close(); // which waits for the write that goes on now, before its folder is removed
        }
    }
}
