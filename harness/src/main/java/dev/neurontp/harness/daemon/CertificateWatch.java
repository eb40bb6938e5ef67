package dev.neurontp.harness.daemon;

import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few seconds whether somebody has renewed the files of the certificate, and has them read again. */
final class CertificateWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final List<Path> files;
    private final LiveSettings live;
    private final CountDownLatch closed = new CountDownLatch(1);
    private List<String> known;

    /** Of no files: it never looks. Before the files are read the first time, so that no change after that is missed. */
    CertificateWatch(List<Path> files, LiveSettings live) {
        this.files = List.copyOf(files);
        this.live = live;
        this.known = stamps();
    }

    /**
     * Begins to look.
     *
     * @throws ThreadLimitException when the host gives no thread
     */
    void start() throws ThreadLimitException {
        if (!files.isEmpty()) {
            DaemonThread.start("certificate-watch", this::watch);
        }
    }

    private void watch() {
        try {
            while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                List<String> now = stamps();
                if (!now.equals(known)) {
                    known = now;
                    reload();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload() {
        try {
            live.reloadFiles();
            LOG.info("the certificate was read again: {}", files.getFirst());
        } catch (SettingsException e) {
            // Also between the two files of a renewal: the second one is the next change.
            e.getMessage().lines().forEach(line -> LOG.warn("the new certificate is not taken: {}", line));
        }
    }

    /** What changes where a file is written or replaced, or where a link leads to another one. */
    private List<String> stamps() {
        return files.stream().map(CertificateWatch::stamp).toList();
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
