package dev.neurontp.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.Assertions;

/** Short words for the tests of the codec. */
final class Decoding {
    private Decoding() {}

    static WorkerRequest request(String frame) {
        return request(frame.getBytes(UTF_8));
    }

    static WorkerRequest request(byte[] frame) {
        try {
            return WireCodec.decodeRequest(frame);
        } catch (WireException e) {
            return Assertions.fail("refused: " + new String(frame, UTF_8), e);
        }
    }

    static WorkerResponse response(byte[] frame) {
        try {
            return WireCodec.decodeResponse(frame);
        } catch (WireException e) {
            return Assertions.fail("refused: " + new String(frame, UTF_8), e);
        }
    }

    /** The refusal's message; fails when the frame is taken. */
    static String refusal(byte[] frame) {
        WireException refused = catchThrowableOfType(WireException.class, () -> WireCodec.decodeRequest(frame));
        Assertions.assertThat(refused).as("taken: %s", new String(frame, UTF_8)).isNotNull();
        Assertions.assertThat(refused.kind()).isEqualTo(ErrorKind.BAD_REQUEST);
        Assertions.assertThat(refused.getMessage()).isNotEmpty();
        return refused.getMessage();
    }

    static String refusal(String frame) {
        return refusal(frame.getBytes(UTF_8));
    }

    static String responseRefusal(String frame) {
        WireException refused =
                catchThrowableOfType(WireException.class, () -> WireCodec.decodeResponse(frame.getBytes(UTF_8)));
        Assertions.assertThat(refused).as("taken: %s", frame).isNotNull();
        return refused.getMessage();
    }
}
