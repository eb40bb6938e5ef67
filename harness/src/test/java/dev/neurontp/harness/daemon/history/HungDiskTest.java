package dev.neurontp.harness.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.testing.HungFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A state folder on a file system that answers nothing: each reader is told so, and few threads stay with it. */
@Tag("long")
@Timeout(60)
class HungDiskTest {
    @TempDir
    Path folder;

    @Test
    void readersAreLetGoAndHoldFewThreads() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("state"));
                var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            PastPools past = new PastPools(StateFolders.only(hung.path()));
            List<CompletableFuture<String>> told = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                told.add(CompletableFuture.supplyAsync(() -> outcome(past), readers));
            }
            for (CompletableFuture<String> one : told) {
                assertThat(one.join()).contains(hung.path().toString(), "was not read within 5 s");
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("history-read"))
                    .hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void whatWasReadBeforeIsShownAndSaidNotToBeAll() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path state = Files.createDirectories(folder.resolve("state"));
        HistoryFolder answers = new HistoryFolder(state.resolve("neurontp"));
        answers.open();
        TrackedPool.write(
                answers, BadRecordsTest.record("goodgood", BadRecordsTest.DEAD, Optional.of(BadRecordsTest.NOW)));
        try (HungFileSystem hung = HungFileSystem.mount(home.resolve(".local"))) {
            PastPools past = new PastPools(StateFolders.of(
                    Map.of("XDG_STATE_HOME", state.toString(), "HOME", home.toString()), Optional.empty(), _ -> false));
            PastPools.Found found = past.all();
            assertThat(found.pools()).extracting(PastPool::id).containsExactly("goodgood");
            assertThat(found.problems())
                    .singleElement()
                    .asString()
                    .contains(
                            hung.path().toString(),
                            "was not read whole within 5 s: pools are left out (read, the newest of a folder first: 1)");
            assertThat(past.find("goodgood")).isPresent();
            assertThat(past.find("n-goodgood")).isPresent();
            assertThatThrownBy(() -> past.find("another")).hasMessageContaining("was not read within 5 s");
        }
    }

    private static String outcome(PastPools past) {
        try {
            return "found " + past.find("aaaaaaaa");
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
