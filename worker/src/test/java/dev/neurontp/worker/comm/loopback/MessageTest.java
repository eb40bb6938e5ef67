package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @ParameterizedTest
    @ValueSource(chars = {'F', 'R'})
    void aFailureWithoutAReasonIsNoMessage(char type) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(new byte[] {(byte) type, 0, 0}));

        assertThatThrownBy(() -> Message.read(in))
                .isInstanceOf(IOException.class)
                .hasMessage("a message that is too short for its type");
    }
}
