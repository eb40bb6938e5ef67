package dev.neurontp.conformance.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process does with signals, which its children inherit. */
final class Signals {

    private Signals() {}

    /** Whether this signal is ignored here; false where the system does not say. */
    static boolean isIgnoredHere(int number) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("SigIgn:".length()).strip(), 16))
                    .anyMatch(mask -> (mask >> (number - 1) & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }
}
