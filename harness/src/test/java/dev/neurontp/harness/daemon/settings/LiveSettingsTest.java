package dev.neurontp.harness.daemon.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings that are read again while the daemon runs: all that can change, or nothing. */
class LiveSettingsTest {
    @TempDir
    private Path folder;

    private Path file;
    private LiveSettings live;

    @BeforeEach
    void read() throws Exception {
        file = folder.resolve("neuron.toml");
        write("limits.pools = 3");
        live = LiveSettings.read(() -> SettingsReader.read(Optional.of(file), Map.of(), List.of()));
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void whatCanChangeIsTakenAndTheRestIsListed() throws Exception {
        write("limits.pools = 5\nhttp.port = 9\nhttp.hosts = [\"a\"]");
        SettingsReload reload = live.reload();
        assertThat(reload.changed())
                .containsExactlyInAnyOrder(
                        new SettingChange("limits.pools", "3", "5"), new SettingChange("http.hosts", "[]", "[\"a\"]"));
        assertThat(reload.needRestart()).containsExactly(new SettingChange("http.port", "13131", "9"));
        assertThat(live.get().get(DaemonSettings.POOLS)).isEqualTo(5);
        assertThat(live.get().get(DaemonSettings.HTTP_PORT)).isEqualTo(13131);
        // Until it is started again, it says so each time.
        assertThat(live.reload()).isEqualTo(new SettingsReload(List.of(), reload.needRestart()));
    }

    @Test
    void oneSettingThatIsRefusedLeavesAllAsItWas() throws Exception {
        Settings before = live.get();
        write("limits.pools = 5\nlimits.pols = 5");
        assertThatThrownBy(live::reload)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("there is no setting 'limits.pols'");
        Files.delete(file);
        assertThatThrownBy(live::reload).hasMessageContaining("there is no file " + file);
        assertThat(live.get()).isSameAs(before);
    }

    /** As where its file is on a file system that does not answer. */
    @Test
    @Timeout(60)
    void aReloadWaitsForAnotherOneWithABound() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        SettingsSource first = () -> SettingsReader.read(Optional.of(file), Map.of(), List.of());
        LiveSettings slow = LiveSettings.read(
                first,
                () -> {
                    reading.countDown();
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return first.read();
                },
                Duration.ofMillis(20));
        CompletableFuture<Void> held =
                CompletableFuture.runAsync(() -> assertThatCode(slow::reload).doesNotThrowAnyException());
        reading.await();
        assertThatThrownBy(slow::reload).hasMessageContaining("another reload has not ended within 20.0 ms");
        assertThatThrownBy(slow::reloadFiles).hasMessageContaining("another reload has not ended within 20.0 ms");
        answer.countDown();
        held.join();
        slow.reloadFiles();
    }

    /** The rule is kept in the file, and would not be in this daemon, which keeps its stop.limit. */
    @Test
    void aMixOfOldAndNewThatBreaksARuleIsRefused() throws Exception {
        write("stop.limit = \"2m\"\npools.deadlines.sigterm = \"1m\"");
        assertThatThrownBy(live::reload).hasMessageContaining("stop.limit is 20s (default)");
        assertThat(live.get().get(DaemonSettings.POOLS)).isEqualTo(3);
    }

    /** A moment without a name server must keep neither new settings nor a renewed certificate away. */
    @Test
    void theNameThatItListensAtIsLookedUpOnlyWhereItHasChanged() throws Exception {
        String listening = "listening.no.such.host.invalid";
        Settings first = Settings.defaults().with(DaemonSettings.HTTP_HOST, listening);
        LiveSettings running =
                LiveSettings.read(() -> first, () -> SettingsReader.readAgain(Optional.of(file), Map.of(), List.of()));
        running.reloadFiles();
        write("http.host = \"" + listening + "\"\nlimits.pools = 5");
        running.reload();
        assertThat(running.get().get(DaemonSettings.POOLS)).isEqualTo(5);

        write("http.host = \"another.no.such.host.invalid\"\nlimits.pools = 6");
        assertThatThrownBy(running::reload).hasMessageContaining("it must be an address of this host");
        write("http.host = \"0.0.0.0\"\nlimits.pools = 6");
        assertThatThrownBy(running::reload).hasMessageContaining("needs TLS");
        assertThat(running.get().get(DaemonSettings.POOLS)).isEqualTo(5);
    }

    @Test
    void noStepTakesAnythingUnlessAllAreReady() throws Exception {
        List<String> taken = new ArrayList<>();
        live.onReload(next -> () -> taken.add("first " + next.get(DaemonSettings.POOLS)));
        live.onReload(next -> {
            if (next.get(DaemonSettings.POOLS) == 5) {
                throw new IOException("the file cannot be used");
            }
            return () -> taken.add("second");
        });
        write("limits.pools = 5");
        assertThatThrownBy(live::reload).isInstanceOf(SettingsException.class).hasMessage("the file cannot be used");
        assertThat(taken).isEmpty();
        assertThat(live.get().get(DaemonSettings.POOLS)).isEqualTo(3);
        write("limits.pools = 6");
        live.reload();
        assertThat(taken).containsExactly("first 6", "second");
        write("limits.pools = 7");
        live.reloadFiles();
        assertThat(taken).containsExactly("first 6", "second", "first 6", "second");
    }
}
