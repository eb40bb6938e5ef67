package dev.neurontp.ops.doctor.host;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The limits of this process, which a pool's ranks inherit: {@code /proc/self/limits}. */
public final class ProcessLimits {
    /** Stands for no limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private ProcessLimits() {}

    /** The soft limit of that name, such as {@code Max open files}; empty where the file does not say. */
    public static Optional<Long> soft(HostFiles files, String name) {
        return files.text("/proc/self/limits")
                .map(text -> Pattern.compile("(?m)^" + Pattern.quote(name) + "\\s+(\\d{1,18}|unlimited)\\s")
                        .matcher(text))
                .filter(Matcher::find)
                .map(found -> found.group(1).equals("unlimited") ? UNLIMITED : Long.parseLong(found.group(1)));
    }
}
