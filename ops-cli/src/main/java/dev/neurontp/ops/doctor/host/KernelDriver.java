package dev.neurontp.ops.doctor.host;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The NVIDIA kernel module that is loaded. */
public final class KernelDriver {
    private static final Pattern VERSION = Pattern.compile("Kernel Module.*?\\s(\\d+\\.\\d+(\\.\\d+)?)\\s");

    private KernelDriver() {}

    /** Its version, such as 550.90.07; empty where none is loaded. */
    public static Optional<String> version(HostFiles files) {
        return files.line("/proc/driver/nvidia/version")
                .map(line -> VERSION.matcher(line + " "))
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }
}
