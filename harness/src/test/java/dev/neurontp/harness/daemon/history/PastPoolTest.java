package dev.neurontp.harness.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.runtime.HostIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is claimed of a pool of the history, and how long it stays there. */
class PastPoolTest {
    private static final Instant LEASE_ENDS = Instant.parse("2026-03-01T09:30:18Z");
    private static final RecordedDaemon SELF = RecordedDaemon.ofThisProcess("1", BadRecordsTest.NOW);
    private static final RecordedDaemon ELSEWHERE = new RecordedDaemon(
            4711, 1, "other-boot", "1", BadRecordsTest.NOW, new HostIdentity("node-9", "0123456789abcdef", 5, 6));

    @TempDir
    Path folder;

    private HistoryFolder history;

    @BeforeEach
    void open() throws Exception {
        history = new HistoryFolder(folder);
        history.open();
    }

    private static PoolView.Rank rank(int rank, Optional<PoolView.RankExit> end) {
        String state = end.map(exit -> exit.gone() ? "gone" : "lost").orElse("joined");
        return BadRecordsTest.rank(rank, Optional.of("node-2"), state, end);
    }

    private static PoolView.RankExit end(int rank, boolean gone) {
        return new PoolView.RankExit(
                rank,
                7,
                Optional.of("node-2"),
                gone,
                Optional.of(0),
                gone,
                !gone,
                gone ? Optional.empty() : Optional.of(LEASE_ENDS),
                List.of(),
                false,
                List.of(),
                1,
                gone ? "bye, exit 0" : "lost");
    }

    private PoolView written(String id, Optional<Instant> ended) throws Exception {
        PoolRecord record = BadRecordsTest.record(id, BadRecordsTest.DEAD, ended);
        List<PoolView.Rank> ranks = List.of(
                rank(0, Optional.of(end(0, true))), rank(1, Optional.of(end(1, false))), rank(2, Optional.empty()));
        TrackedPool.write(
                history,
                new PoolRecord(
                        record.format(),
                        record.written(),
                        record.daemon(),
                        record.pool().withRanks(ranks)));
        PastPools past = new PastPools(StateFolders.only(folder));
        return past.view(past.find(id).orElseThrow());
    }

    @Test
    void aRankThatWasSeenToEndBeforeItsDaemonDiedIsGoneAndTheOthersAreLost() throws Exception {
        PoolView pool = written("deaddead", Optional.empty());
        assertThat(pool.state()).isEqualTo("lost");
        assertThat(pool.ranks()).extracting(PoolView.Rank::state).containsExactly("gone", "lost", "lost");
    }

    @Test
    void theHostOfARankAndTheEndOfItsLeaseAreWrittenDown() throws Exception {
        PoolView pool = written("overover", Optional.of(BadRecordsTest.NOW));
        assertThat(pool.ranks()).extracting(PoolView.Rank::host).containsOnly(Optional.of("node-2"));
        assertThat(pool.ranks()).extracting(PoolView.Rank::state).containsExactly("gone", "lost", "joined");
        assertThat(pool.ranks().get(1).end()).hasValueSatisfying(end -> {
            assertThat(end.leaseEnds()).contains(LEASE_ENDS);
            assertThat(end.host()).contains("node-2");
        });
    }

    /** Three files of that age; whether each is there after everything but {@code most} pools may go. */
    private List<Boolean> stay(Duration age, int most) throws Exception {
        List<String> ids = List.of("overover", "elsewher", "deaddead");
        TrackedPool.write(history, BadRecordsTest.record("overover", SELF, Optional.of(BadRecordsTest.NOW)));
        TrackedPool.write(history, BadRecordsTest.record("elsewher", ELSEWHERE, Optional.empty()));
        TrackedPool.write(history, BadRecordsTest.record("deaddead", BadRecordsTest.DEAD, Optional.empty()));
        Instant now = Instant.now();
        for (String id : ids) {
            Files.setLastModifiedTime(history.state(id), FileTime.from(now.minus(age)));
        }
        new Pruning(history, new HistoryLimits(most, 1 << 20, Duration.ofDays(7))).prune(now);
        return ids.stream().map(id -> Files.exists(history.state(id))).toList();
    }

    @Test
    void ofTooManyThoseGoThatCertainlyDoNotLive() throws Exception {
        assertThat(stay(Duration.ofDays(1), 100)).containsExactly(true, true, true);
        assertThat(stay(Duration.ofDays(1), 0))
                .as("a pool that has ended goes although its daemon lives; one of another host may live")
                .containsExactly(false, true, false);
    }

    @Test
    void ofWhatIsTooOldAPoolOfAnotherHostGoesToo() throws Exception {
        assertThat(stay(Duration.ofDays(8), 100)).containsExactly(false, false, false);
    }
}
