package dev.neurontp.harness.bench;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** The floor of a worker in Java: what it reads it writes. */
final class EchoMain {
    private static final int CHUNK = 64 * 1024;

    private EchoMain() {}

    /** Until its stdin ends. */
    public static void main(String[] arguments) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (FileInputStream in = new FileInputStream(FileDescriptor.in);
                FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            int got = in.read(chunk);
            while (got > 0) {
                out.write(chunk, 0, got);
                got = in.read(chunk);
            }
        }
    }
}
