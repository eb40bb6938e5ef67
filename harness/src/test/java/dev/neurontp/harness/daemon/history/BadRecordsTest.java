package dev.neurontp.harness.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.runtime.HostIdentity;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A history folder with files that no daemon wrote: none of them hangs a reader, hides another one or reaches a terminal. */
@Timeout(60)
class BadRecordsTest {
    static final Instant NOW = Instant.parse("2026-03-01T09:30:00Z");
    static final RecordedDaemon DEAD =
            new RecordedDaemon(4711, 1, RecordedDaemon.ofThisProcess("1", NOW).bootId(), "1", NOW, HostIdentity.here());

    @TempDir
    Path folder;

    private HistoryFolder history;

    @BeforeEach
    void aGoodOne() throws Exception {
        history = new HistoryFolder(folder);
        history.open();
        TrackedPool.write(history, record("goodgood", DEAD, Optional.of(NOW)));
    }

    static PoolRecord record(String id, RecordedDaemon daemon, Optional<Instant> ended) {
        PoolView pool = new PoolView(
                id,
                Optional.of("n-" + id),
                Map.of(),
                1,
                "joined",
                1,
                "loopback",
                false,
                null,
                List.of("neuron"),
                Optional.empty(),
                NOW,
                Optional.empty(),
                ended,
                ended.map(_ -> true),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(rank(0, Optional.empty(), "joined", Optional.empty())),
                Optional.empty());
        return new PoolRecord(PoolRecord.FORMAT, NOW, daemon, pool);
    }

    static PoolView.Rank rank(int rank, Optional<String> host, String state, Optional<PoolView.RankExit> end) {
        return new PoolView.Rank(
                rank,
                7,
                host,
                1,
                "b",
                NOW,
                rank,
                state,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                null,
                List.of(),
                end);
    }

    private PastPools past() {
        return new PastPools(StateFolders.only(folder));
    }

    private String problem(String id) throws Exception {
        PastPools.Found found = past().all();
        assertThat(found.pools()).extracting(PastPool::id).containsExactly("goodgood");
        assertThat(found.problems()).singleElement().asString().contains("pool-" + id + ".json is left out");
        assertThat(catchThrowable(() -> past().find(id)))
                .as("it is there, so it is not said to be nowhere")
                .isInstanceOf(IOException.class)
                .hasMessage(found.problems().getFirst());
        return found.problems().getFirst();
    }

    @Test
    void whatIsNoFileOrHasNoEndIsNotOpened() throws Exception {
        Path bad = history.state("badbadba");
        assertThat(new ProcessBuilder("mkfifo", bad.toString()).start().waitFor())
                .isZero();
        assertThat(problem("badbadba")).contains("a FIFO");
        Files.delete(bad);
        Files.createSymbolicLink(bad, Path.of("/dev/zero"));
        assertThat(problem("badbadba")).contains("a symbolic link");
        Files.delete(bad);
        Files.createSymbolicLink(bad, history.state("goodgood"));
        assertThat(problem("badbadba")).contains("a symbolic link");
        Files.delete(bad);
        try (RandomAccessFile huge = new RandomAccessFile(bad.toFile(), "rw")) {
            huge.setLength(3L << 30);
        }
        assertThat(problem("badbadba")).contains("at most " + PoolRecord.MOST_BYTES + " are read");
    }

    @Test
    void whatIsNoRecordIsLeftOut() throws Exception {
        Path bad = history.state("badbadba");
        String good = Files.readString(history.state("goodgood"));
        for (String text : List.of("", "{", "null", "[]", "{}", "[".repeat(60_000), "\0", good)) {
            Files.writeString(bad, text);
            assertThat(problem("badbadba")).doesNotContain("Exception");
        }
        Files.writeString(bad, good.replace("goodgood", "badbadba").replace("\"format\":1", "\"format\":2"));
        assertThat(problem("badbadba")).contains("its format is 2");
        Files.writeString(bad, good.replace("goodgood", "badbadba").replace("\"pid\":4711", "\"pid\":-1"));
        assertThat(problem("badbadba")).contains("which daemon wrote it");
    }

    @Test
    void aTextDrivesNoTerminalAndAnIdLeadsNowhereElse() throws Exception {
        Path file = history.state("goodgood");
        Files.writeString(file, Files.readString(file).replace("n-goodgood", "a\\u001b[2Jb\\nc"));
        assertThat(past().all().pools().getFirst().view().name()).contains("a?[2Jb\\nc");
        for (String id : List.of("../goodgood", "goodgood/", "", "GOODGOOD", "x".repeat(100_000))) {
            assertThat(past().find(id)).as(id).isEmpty();
        }
    }

    @Test
    void linesThatAreNoneAreLeftOut() throws Exception {
        PastPool pool = past().find("n-goodgood").orElseThrow();
        assertThat(past().lines(pool).lines()).isEmpty();
        Path lines = history.lines("goodgood");
        String line = Json.text(Map.of("seq", 3, "time", "2026-03-01T09:30:00Z", "rank", 0, "text", "a\u001bb"));
        Files.writeString(lines, "{\"format\":1,\"dropped\":2}\n" + line + "\n{\n[]\nnull\n" + line.substring(0, 20));
        assertThat(past().lines(pool).lines())
                .singleElement()
                .satisfies(one -> assertThat(one.text()).isEqualTo("a?b"));
        assertThat(past().lines(pool).dropped()).isEqualTo(2);
        assertThat(past().view(pool).ranks().getFirst().stderr()).containsExactly("a?b");
        Files.writeString(lines, "{\"format\":2}\n" + line + "\n");
        assertThat(catchThrowable(() -> past().lines(pool)))
                .hasMessageContaining("does not hold what a daemon of this version writes");
    }

    /** As after a power failure. */
    @Test
    void linesThatCannotBeReadHideNothingElseOfTheirPool() throws Exception {
        PastPool pool = past().find("goodgood").orElseThrow();
        for (String text : List.of("", "\0\0\0", "{\"format\":2}\n")) {
            Files.writeString(history.lines("goodgood"), text);
            PoolView view = past().view(pool);
            assertThat(view.state()).isEqualTo("joined");
            assertThat(view.ranks().getFirst().stderr())
                    .containsExactly("(its lines cannot be read: " + history.lines("goodgood")
                            + " does not hold what a daemon of this version writes)");
        }
    }

    @Test
    void whatWasNotSeenIsNotClaimed() throws Exception {
        RecordedDaemon self = RecordedDaemon.ofThisProcess("1", NOW);
        TrackedPool.write(history, record("livelive", self, Optional.empty()));
        TrackedPool.write(history, record("deaddead", DEAD, Optional.empty()));
        RecordedDaemon elsewhere = new RecordedDaemon(
                4711, 1, "other-boot", "1", NOW, new HostIdentity("node-9", "0123456789abcdef", 5, 6));
        TrackedPool.write(history, record("elsewher", elsewhere, Optional.empty()));
        assertThat(past().all().pools())
                .as("of a daemon that lives only what has ended")
                .extracting(PastPool::id)
                .containsExactlyInAnyOrder("goodgood", "deaddead", "elsewher");
        PoolView dead = past().find("deaddead").orElseThrow().view();
        assertThat(dead.state()).isEqualTo("lost");
        assertThat(dead.reason())
                .contains("its daemon (pid 4711) has ended, and nothing that it wrote shows that its ranks ended");
        assertThat(dead.ranks().getFirst().state()).isEqualTo("lost");
        PoolView other = past().find("elsewher").orElseThrow().view();
        assertThat(other.state()).isEqualTo("lost");
        assertThat(other.reason().orElseThrow()).contains("node-9", "nothing here shows whether it still does");
        assertThat(past().find("goodgood").orElseThrow().view().state()).isEqualTo("joined");
    }

    /** Of more than memory can hold the newest are shown; what is too large for a record counts for nothing. */
    @Test
    void ofTooMuchTheNewestAreReadAndTheRestIsCounted() throws Exception {
        Instant now = Instant.now();
        for (String id : List.of("secondnd", "thirdaaa", "fourthaa")) {
            TrackedPool.write(history, record(id, DEAD, Optional.of(NOW)));
        }
        try (RandomAccessFile huge =
                new RandomAccessFile(history.state("hugehuge").toFile(), "rw")) {
            huge.setLength(3L << 30);
        }
        List<String> newestFirst = List.of("hugehuge", "fourthaa", "goodgood", "thirdaaa", "secondnd");
        for (int i = 0; i < newestFirst.size(); i++) {
            Files.setLastModifiedTime(history.state(newestFirst.get(i)), FileTime.from(now.minusSeconds(i)));
        }
        HistorySearch search = new HistorySearch(2 * Files.size(history.state("goodgood")));
        search.all(history);
        assertThat(search.found().pools()).extracting(PastPool::id).containsExactlyInAnyOrder("fourthaa", "goodgood");
        assertThat(search.found().problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("pool-hugehuge.json is left out"))
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("the older pools in " + history.path() + " are left out (2)"));
    }

    @Test
    void nothingIsReadForASearchThatIsOver() {
        HistorySearch search = new HistorySearch(1 << 20);
        search.cutShort("it took too long");
        search.all(history);
        search.one(history, "goodgood");
        assertThat(search.found().pools()).isEmpty();
        assertThat(search.found().problems())
                .containsExactly("it took too long: pools are left out (read, the newest of a folder first: 0)");
    }

    @Test
    void whatAKilledWriterLeftIsSwept() throws Exception {
        Path left = Files.createFile(history.path().resolve(".new-0123456789ab-7-7-1"));
        history.open();
        assertThat(left).as("another host may be writing it").exists();
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(7200)));
        history.open();
        assertThat(left).doesNotExist();
        assertThat(past().all().problems()).isEmpty();
    }

    @Test
    void whatIsOldOrTooMuchGoesAndWhatMayLiveStays() throws Exception {
        RecordedDaemon self = RecordedDaemon.ofThisProcess("1", NOW);
        TrackedPool.write(history, record("livelive", self, Optional.empty()));
        Files.writeString(history.state("badbadba"), "{}");
        Files.writeString(history.lines("lonelone"), "{}");
        Path fresh = Files.writeString(history.lines("newlines"), "{}");
        Path foreign = Files.writeString(history.path().resolve("pool-Foreign.json"), "{}");
        Instant now = Instant.now();
        for (String id : List.of("goodgood", "livelive", "badbadba")) {
            Files.setLastModifiedTime(history.state(id), FileTime.from(now.minus(Duration.ofDays(8))));
        }
        Files.setLastModifiedTime(history.lines("lonelone"), FileTime.from(now.minus(Duration.ofDays(8))));
        new Pruning(history, new HistoryLimits(100, 1 << 20, Duration.ofDays(9))).prune(now);
        assertThat(history.state("goodgood")).exists();
        new Pruning(history, new HistoryLimits(100, 1 << 20, Duration.ofDays(7))).prune(now);
        assertThat(List.of(history.state("livelive"), history.state("badbadba"), fresh, foreign))
                .allSatisfy(file -> assertThat(file).exists());
        assertThat(List.of(history.state("goodgood"), history.lines("lonelone")))
                .allSatisfy(file -> assertThat(file).doesNotExist());
    }
}
