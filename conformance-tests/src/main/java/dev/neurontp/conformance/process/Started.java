package dev.neurontp.conformance.process;

import java.io.IOException;
import java.io.InputStream;

/**
 * A process, and what it writes: both streams last for as long as anybody writes to them, also after its exit.
 *
 * @param stdout closed by whoever reads it
 * @param stderr closed by whoever reads it
 */
record Started(Process process, InputStream stdout, InputStream stderr) {

    /** Starts it; both streams are pipes. */
    static Started by(ProcessBuilder builder) throws IOException {
        try (OwnPipe stdout = OwnPipe.open();
                OwnPipe stderr = OwnPipe.open()) {
            Process process = builder.redirectOutput(stdout.writeEnd())
                    .redirectError(stderr.writeEnd())
                    .start();
            return new Started(
                    process, stdout.readEnd(process::getInputStream), stderr.readEnd(process::getErrorStream));
        }
    }
}
