package dev.neurontp.gpu.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the first step has printed of the host, {@code key=value} lines.
 *
 * @param usable whether there is a GPU with NCCL, so that the other steps can be tried
 */
record HostFacts(String text, boolean usable) {
    private static final int MULTI_RANK = 230;

    static HostFacts read(Path file) throws IOException {
        return new HostFacts(Files.exists(file) ? Files.readString(file) : "", true);
    }

    HostFacts unusable() {
        return new HostFacts(text, false);
    }

    Optional<String> problem() {
        return value("problem");
    }

    /** Whether this NCCL puts several ranks on one GPU by a variable of its own: 2.30 and later. */
    boolean sharesByItself() {
        Matcher version = Pattern.compile("(\\d{1,3})\\.(\\d{1,3}).*")
                .matcher(value("nccl").orElse(""));
        return version.matches()
                && Integer.parseInt(version.group(1)) * 100 + Integer.parseInt(version.group(2)) >= MULTI_RANK;
    }

    /** How many GPUs a pool here can have; 0 where the host does not say. */
    int devices() {
        return value("devices")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    private Optional<String> value(String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst();
    }
}
