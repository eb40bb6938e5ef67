package dev.neurontp.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    @Test
    @DisplayName("F7: a frame and its LF are one write, then one flush")
    void aFrameIsOneWriteAndOneFlush() throws IOException {
        List<String> calls = new ArrayList<>();
        OutputStream recorded = new OutputStream() {
            @Override
            public void write(int b) {
                calls.add("one byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                calls.add(new String(bytes, offset, length, UTF_8));
            }

            @Override
            public void flush() {
                calls.add("flush");
            }
        };

        new FrameWriter(recorded).write(new WorkerResponse.Bye());

        assertThat(calls).containsExactly("{\"op\":\"bye\"}\n", "flush");
    }

    @Test
    void framesOfManyThreadsNeverMix() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(out);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            WorkerResponse pong = new WorkerResponse.Pong(i, 8, 0);
            threads.add(Thread.ofPlatform().start(() -> write(writer, pong, 500)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        List<String> lines = out.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(4000).allSatisfy(line -> Decoding.response(line.getBytes(UTF_8)));
    }

    private static void write(FrameWriter writer, WorkerResponse response, int times) {
        try {
            for (int i = 0; i < times; i++) {
                writer.write(response);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
