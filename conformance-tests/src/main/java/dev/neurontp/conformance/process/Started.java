package dev.neurontp.conformance.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A process and its standard streams, which last for as long as anybody has their other ends, also after its exit.
 *
 * @param stdin closed by whoever writes to it
 * @param stdout closed by whoever reads it
 * @param stderr closed by whoever reads it
 */
record Started(Process process, OutputStream stdin, InputStream stdout, InputStream stderr) {

    /** Starts it; all three streams are pipes. */
    static Started by(ProcessBuilder builder) throws IOException {
        try (OwnPipe stdin = OwnPipe.open();
                OwnPipe stdout = OwnPipe.open();
                OwnPipe stderr = OwnPipe.open()) {
            Process process = builder.redirectInput(stdin.readEnd())
                    .redirectOutput(stdout.writeEnd())
                    .redirectError(stderr.writeEnd())
                    .start();
            return new Started(
                    process,
                    stdin.output(process::getOutputStream),
                    stdout.input(process::getInputStream),
                    stderr.input(process::getErrorStream));
        }
    }
}
