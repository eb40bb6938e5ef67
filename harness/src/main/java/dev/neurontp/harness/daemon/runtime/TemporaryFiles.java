package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Temporary files, whose names say which process writes them: so the file of a killed writer differs from one that is
 * being written now, also by another host.
 */
final class TemporaryFiles {
    /** The key of the host, the writer's pid, its start, a number. */
    private static final Pattern OURS = Pattern.compile("\\.new-([0-9a-f]{12})-(\\d{1,10})-(\\d{1,18})-\\d{1,18}");

    /** As earlier versions named them. */
    private static final Pattern EARLIER = Pattern.compile("\\.(token|(daemon|workers)-\\d+\\.json)\\.\\d+");

    /** The log of a daemon that {@code tpctl up -d} was about to start. A daemon's first line comes when it listens. */
    private static final Pattern LOG = Pattern.compile("up-\\d+\\.log");

    /** A write takes milliseconds; this is for the clock of another host. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final AtomicLong NUMBER = new AtomicLong();

    private TemporaryFiles() {}

    static Path nextTo(Path file) {
        long pid = ProcessHandle.current().pid();
        long start = ProcessIdentity.of(pid).map(ProcessIdentity::startTicks).orElse(0L);
        return file.resolveSibling(
                ".new-" + HostIdentity.key() + "-" + pid + "-" + start + "-" + NUMBER.incrementAndGet());
    }

    /** Removes those that nobody writes any more. */
    static void sweep(RuntimeFolder folder, Instant now) throws IOException {
        FolderContents daemons = folder.contents();
        if (daemons.live().isEmpty() && daemons.elsewhere().isEmpty()) {
            sweepLogs(folder, now);
        }
        sweep(folder.list(".*"), now);
    }

    static void sweep(List<Path> files, Instant now) throws IOException {
        for (Path file : files) {
            if (isLeft(file, now)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isLeft(Path file, Instant now) throws IOException {
        String name = file.getFileName().toString();
        Matcher ours = OURS.matcher(name);
        if (ours.matches() && ours.group(1).equals(HostIdentity.key())) {
            return ProcessIdentity.ofThisBoot(Long.parseLong(ours.group(2)), Long.parseLong(ours.group(3)))
                    .gone();
        }
        return (ours.matches() || EARLIER.matcher(name).matches()) && abandoned(file, now);
    }

    /** Only where no daemon can still write to one, that somebody has emptied. */
    private static void sweepLogs(RuntimeFolder folder, Instant now) throws IOException {
        for (Path file : folder.list("up-*.log")) {
            if (LOG.matcher(file.getFileName().toString()).matches() && isEmpty(file) && abandoned(file, now)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isEmpty(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return is.isRegularFile() && is.size() == 0;
        } catch (NoSuchFileException _) {
            return false; // another daemon has just removed it
        }
    }

    private static boolean abandoned(Path file, Instant now) throws IOException {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(now.minus(ABANDONED));
        } catch (NoSuchFileException _) {
            return false; // another daemon has just removed it
        }
    }
}
