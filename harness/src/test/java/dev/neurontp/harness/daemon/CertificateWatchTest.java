package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.ReloadStep;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.testing.HungFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A renewed certificate is read again, and again where that has failed for a reason that passes. */
@Timeout(60)
class CertificateWatchTest {
    @TempDir
    private Path folder;

    private final AtomicInteger reads = new AtomicInteger();
    private ReloadStep step = _ -> CertificateWatchTest::taken;
    private Path file;
    private LiveSettings live;

    @BeforeEach
    void aCertificateIsThere() throws Exception {
        file = Files.writeString(folder.resolve("tls.pem"), "1");
        live = LiveSettings.read(Settings::defaults);
        live.onReload(next -> {
            reads.incrementAndGet();
            return step.prepare(next);
        });
    }

    private static void taken() {}

    private CertificateWatch watch(Duration tryAgain) throws InterruptedException {
        return new CertificateWatch(List.of(file), live, tryAgain);
    }

    private void look(CertificateWatch watch, int expected) throws InterruptedException {
        watch.look();
        assertThat(reads).hasValue(expected);
    }

    @Test
    void itIsReadOnceWhereItWasRenewed() throws Exception {
        CertificateWatch watch = watch(Duration.ZERO);
        look(watch, 0);
        Files.writeString(file, "22");
        look(watch, 1);
        look(watch, 1);
    }

    /** As {@code rsync -t --inplace} writes it, or {@code cp -p}. */
    @Test
    void itIsReadThoughItsSizeAndItsTimeAreThoseOfBefore() throws Exception {
        FileTime time = Files.getLastModifiedTime(file);
        Object changed = Files.getAttribute(file, "unix:ctime");
        CertificateWatch watch = watch(Duration.ZERO);
        await().until(() -> {
            Files.writeString(file, "2");
            Files.setLastModifiedTime(file, time);
            return !Files.getAttribute(file, "unix:ctime").equals(changed);
        });
        look(watch, 1);
    }

    @Test
    void oneThatCouldNotBeReadIsTriedAgainUntilItIs() throws Exception {
        CertificateWatch watch = watch(Duration.ZERO);
        Files.writeString(file, "22");
        step = _ -> {
            throw new IOException("there was no answer within 10 s");
        };
        look(watch, 1);
        look(watch, 2);
        step = _ -> () -> {
            throw new IllegalStateException("Jetty refused it");
        };
        look(watch, 3);
        step = _ -> CertificateWatchTest::taken;
        look(watch, 4);
        look(watch, 4);
    }

    /** Each try costs a handshake, and lines in the log. */
    @Test
    void betweenTwoTriesOfTheSameFilesThereIsARest() throws Exception {
        CertificateWatch watch = watch(Duration.ofHours(1));
        step = _ -> {
            throw new IOException("tls.key is not the key");
        };
        Files.writeString(file, "22");
        look(watch, 1);
        look(watch, 1);
        Files.writeString(file, "333");
        look(watch, 2);
    }

    @Test
    @Tag("long")
    void aFileSystemThatIsGoneHoldsUpNeitherTheStartNorALook() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("nfs"))) {
            file = hung.path().resolve("tls.pem");
            CertificateWatch watch = watch(Duration.ZERO);
            for (int i = 0; i < 3; i++) {
                look(watch, 0);
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("certificate-look"))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }
}
