package dev.neurontp.gpu.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/** An ncclUniqueId: 128 bytes that are passed by value. */
record UniqueId(MemorySegment bytes) {
    static final StructLayout LAYOUT =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(128, ValueLayout.JAVA_BYTE));

    static UniqueId empty() {
        return new UniqueId(Arena.ofAuto().allocate(LAYOUT));
    }

    String hex() {
        return HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
