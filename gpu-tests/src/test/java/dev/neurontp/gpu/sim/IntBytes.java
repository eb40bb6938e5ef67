package dev.neurontp.gpu.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One 32-bit integer as device memory holds it. */
final class IntBytes {
    private IntBytes() {}

    static byte[] of(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    static int toInt(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
}
