package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel and the distribution say of this host. */
public record HostInfo(String hostname, String os, String kernel) {
    private static final Path OS_RELEASE = Path.of("/etc/os-release");
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");
    private static final Pattern PRETTY = Pattern.compile("(?m)^PRETTY_NAME=\"?([^\"\n]+)\"?$");

    static HostInfo read() {
        Matcher pretty = PRETTY.matcher(text(OS_RELEASE));
        String os = pretty.find() ? pretty.group(1) : System.getProperty("os.name");
        return new HostInfo(
                ForeignText.of(text(HOSTNAME).strip(), ForeignText.NAME),
                ForeignText.of(os, ForeignText.NAME),
                System.getProperty("os.version"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return "";
        }
    }
}
