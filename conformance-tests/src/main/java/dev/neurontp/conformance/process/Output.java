package dev.neurontp.conformance.process;

import dev.neurontp.conformance.json.JsonValue.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What came out of a worker's stdout: a reply, a line that is none, or its end. */
public sealed interface Output {

    /** Milliseconds since the process was started. */
    long atMillis();

    /** About how many bytes of memory it takes. */
    long weight();

    /** A line that holds one JSON object, perhaps an odd one. */
    final class Reply implements Output {
        private static final int OF_ONE = 256;
        /** Of the line as it came, and of its texts, whose characters may take two bytes. */
        private static final long OF_A_BYTE = 3;

        private static final long OF_A_VALUE = 128;

        private final byte[] raw;
        private final JsonObject object;
        private final int values;
        private final Set<FramingDefect> defects;
        private final long atMillis;

        Reply(byte[] raw, JsonObject object, int values, Set<FramingDefect> defects, long atMillis) {
            this.raw = raw;
            this.object = object;
            this.values = values;
            this.defects = defects.isEmpty() ? EnumSet.noneOf(FramingDefect.class) : EnumSet.copyOf(defects);
            this.atMillis = atMillis;
        }

        /** The line as it came, without its LF. */
        public byte[] raw() {
            return Arrays.copyOf(raw, raw.length);
        }

        /** The object, read strictly. */
        public JsonObject object() {
            return object;
        }

        /** What is wrong with its form; empty for a good reply. */
        public Set<FramingDefect> defects() {
            return EnumSet.copyOf(defects);
        }

        /** The tag. */
        public Optional<String> op() {
            return object.text("op");
        }

        /** Whether it is an error of this kind. */
        public boolean isError(String kind) {
            return isError() && object.text("kind").filter(kind::equals).isPresent();
        }

        /** Whether it is an error of any kind. */
        public boolean isError() {
            return op().filter("error"::equals).isPresent();
        }

        /** The same as a line that is no frame: an object without op is none where all replies have one. */
        public Noise asNoise() {
            return new Noise(toString(), "an object without op", atMillis);
        }

        @Override
        public long atMillis() {
            return atMillis;
        }

        @Override
        public long weight() {
            return OF_ONE + OF_A_BYTE * raw.length + OF_A_VALUE * values;
        }

        @Override
        public String toString() {
            return Printable.bytes(raw);
        }
    }

    /** A line that is no JSON object; {@code why} says where it stops being one. */
    record Noise(String line, String why, long atMillis) implements Output {
        private static final int MOST = 4096;

        /** It is shown, and kept, no longer than a few lines. */
        @Override
        public long weight() {
            return MOST;
        }

        @Override
        public String toString() {
            return line;
        }
    }

    /** The end of stdout. */
    record End(long atMillis) implements Output {
        @Override
        public long weight() {
            return 0;
        }
    }
}
