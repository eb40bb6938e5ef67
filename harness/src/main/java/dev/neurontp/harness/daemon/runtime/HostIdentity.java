package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a pid counts. A runtime folder can be seen by several hosts (a home on NFS) and by several containers of one host,
 * and the same pid means another process in each.
 *
 * @param name the host's name, for people
 * @param machine a digest of {@code /etc/machine-id}, which outlives a boot; empty where there is none
 * @param pidNamespace the number of {@code /proc/self/ns/pid}: one a container; 0 where it is not known
 * @param timeNamespace the number of {@code /proc/self/ns/time}: what the same process was started at is another number in each
 *     (time_namespaces(7)); 0 where it is not known
 */
public record HostIdentity(String name, String machine, long pidNamespace, long timeNamespace) {
    private static final Pattern PLAIN = Pattern.compile("[!-~]{1,255}");
    private static final int DIGEST_BYTES = 8;
    private static final int KEY_BYTES = 6;
    private static final Path ROOT = Path.of("/");
    private static final long PID_NAMESPACE = namespace(ROOT, "pid");
    private static final long TIME_NAMESPACE = namespace(ROOT, "time");

    /** Read when it is first asked for: a command that looks for daemons of this very host needs no digest. */
    private static final class Here {
        private static final HostIdentity IDENTITY = read(ROOT);
    }

    /** This host and this container. */
    public static HostIdentity here() {
        return Here.IDENTITY;
    }

    /** The name of this host. */
    public static String hostName() {
        return name(ROOT);
    }

    static HostIdentity read(Path root) {
        String machine = text(root.resolve("etc/machine-id"));
        return new HostIdentity(
                name(root),
                machine.isEmpty() ? "" : digest("machine " + machine, DIGEST_BYTES),
                namespace(root, "pid"),
                namespace(root, "time"));
    }

    private static String name(Path root) {
        String name = text(root.resolve("proc/sys/kernel/hostname"));
        return PLAIN.matcher(name).matches() ? name : "unknown";
    }

    /** Whether every part is one that {@link #here} could have given. */
    public boolean plausible() {
        return name != null
                && PLAIN.matcher(name).matches()
                && machine != null
                && (machine.isEmpty() || PLAIN.matcher(machine).matches());
    }

    /** Whether a file that names {@code boot} and {@code host} was written in this very process table, by the same clock. */
    public static boolean isHere(String boot, HostIdentity host) {
        boolean sameNamespaces = host == null
                || (sameWhereKnown(host.pidNamespace, PID_NAMESPACE)
                        && sameWhereKnown(host.timeNamespace, TIME_NAMESPACE));
        return sameNamespaces && boot.equals(ProcessIdentity.thisBoot());
    }

    private static boolean sameWhereKnown(long one, long other) {
        return one == 0 || other == 0 || one == other;
    }

    /**
     * Whether a file that names {@code boot} and {@code host} was written by an earlier boot of this host, so that its writer is
     * gone for certain. The same name and machine id are no proof, since images and clones share them; a writer that lives
     * touches its file, so one that was last written before this boot began has none.
     */
    public static boolean isEarlierBoot(String boot, HostIdentity host, Instant written) {
        return !boot.equals(ProcessIdentity.thisBoot())
                && host != null
                && !host.machine.isEmpty()
                && host.machine.equals(here().machine)
                && host.name.equals(here().name)
                && bootTime().filter(written::isBefore).isPresent();
    }

    /** Twelve hex digits that no other boot and no other container shares. */
    static String key() {
        return digest(ProcessIdentity.thisBoot() + " " + PID_NAMESPACE, KEY_BYTES);
    }

    private static Optional<Instant> bootTime() {
        return text(Path.of("/proc/stat"))
                .lines()
                .filter(line -> line.matches("btime \\d{1,15}"))
                .findFirst()
                .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring("btime ".length()))));
    }

    private static long namespace(Path root, String kind) {
        try {
            String digits = Files.readSymbolicLink(root.resolve("proc/self/ns").resolve(kind))
                    .toString()
                    .replaceAll("\\D", "");
            return digits.isEmpty() ? 0 : Long.parseLong(digits);
        } catch (IOException | UnsupportedOperationException | NumberFormatException _) {
            return 0;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException _) {
            return ""; // not every container has every one of these files
        }
    }

    private static String digest(String text, int bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
