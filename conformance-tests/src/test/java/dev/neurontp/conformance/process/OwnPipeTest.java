package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OwnPipeTest {

    /** As one that another check opens at the same time: a worker would have another one's stdout. */
    @Test
    void itIsNotTakenForAnotherOneInWhichAsManyBytesWait() throws Exception {
        Pipe other = Pipe.open();
        try (Pipe.SinkChannel sink = other.sink();
                Pipe.SourceChannel source = other.source()) {
            sink.write(ByteBuffer.allocate(1234));
            Iterator<Integer> counts = List.of(1234, 77).iterator();
            try (OwnPipe pipe = OwnPipe.open(counts::next)) {
                Process process = new ProcessBuilder("echo", "this is its own")
                        .redirectOutput(pipe.writeEnd())
                        .start();
                InputStream in = pipe.input(process::getInputStream);
                assertThat(process.waitFor()).isZero();
                assertThat(in.readNBytes(15)).asString().isEqualTo("this is its own");
                in.close();
            }
            assertThat(source.read(ByteBuffer.allocate(4096))).isEqualTo(1234);
        }
    }
}
