package dev.neurontp.conformance.process;

import dev.neurontp.conformance.json.JsonFault;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.JsonValue.Member;
import dev.neurontp.conformance.json.StrictJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Makes replies of lines, and reads odd ones too (a byte order mark, CR LF, an object over several lines), so
 * that a worker with one fault in its form is judged for that fault and not for everything. One thread.
 */
final class LineAssembler {

    private static final int MAX_OBJECT_LINES = 200;

    private final Consumer<Output> to;
    private final int longest;
    private final BooleanSupplier repliesBearOp;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private int pendingLines;

    /**
     * One stream's.
     *
     * @param longest bytes of an object that runs over lines
     */
    LineAssembler(Consumer<Output> to, int longest, BooleanSupplier repliesBearOp) {
        this.to = to;
        this.longest = longest;
        this.repliesBearOp = repliesBearOp;
    }

    /** Takes one line, without its LF; {@code terminated} where there was one. */
    void line(byte[] line, boolean terminated, long atMillis) {
        if (pendingLines > 0) {
            pending.write('\n');
        }
        pending.writeBytes(line);
        pendingLines++;
        byte[] whole = pending.toByteArray();
        Set<FramingDefect> defects = EnumSet.noneOf(FramingDefect.class);
        String text = strip(whole, defects);
        try {
            StrictJson.Reading reading = StrictJson.read(text);
            if (reading.value() instanceof JsonObject object) {
                note(reading.whiteSpace() && pendingLines == 1, FramingDefect.WHITE_SPACE, defects);
                note(pendingLines > 1, FramingDefect.BROKEN_LINE, defects);
                note(!terminated, FramingDefect.NO_LF, defects);
                note(object.hasLoneSurrogate(), FramingDefect.HALF_CHARACTER, defects);
                note(hasDuplicates(object), FramingDefect.DUPLICATE, defects);
                reset();
                Output.Reply reply = new Output.Reply(whole, object, reading.values(), defects, atMillis);
                boolean frame = object.get("op").isPresent() || !repliesBearOp.getAsBoolean();
                to.accept(frame ? reply : reply.asNoise());
            } else {
                noise(whole, "it is " + reading.value().describe() + ", not an object", atMillis);
            }
        } catch (JsonFault fault) {
            boolean mayGoOn = fault.isAtEnd() && text.stripLeading().startsWith("{");
            if (!mayGoOn || !terminated || pendingLines >= MAX_OBJECT_LINES || whole.length >= longest) {
                noise(whole, fault.getMessage(), atMillis);
            }
        }
    }

    /** Bytes of an object that runs over lines and has not ended, with their line breaks. */
    long pendingBytes() {
        return pending.size() + (pendingLines > 0 ? 1L : 0L);
    }

    /** Takes the end of the stream. */
    void end(long atMillis) {
        if (pendingLines > 0) {
            noise(pending.toByteArray(), "the stream ended inside an object", atMillis);
        }
        to.accept(new Output.End(atMillis));
    }

    private void noise(byte[] whole, String why, long atMillis) {
        reset();
        to.accept(new Output.Noise(Printable.bytes(whole), why, atMillis));
    }

    private void reset() {
        pending.reset();
        pendingLines = 0;
    }

    private static String strip(byte[] line, Set<FramingDefect> defects) {
        int to = line.length;
        if (to > 0 && line[to - 1] == '\r') {
            defects.add(FramingDefect.CR);
            to--;
        }
        for (int i = 0; i < to; i++) {
            note(line[i] == '\r', FramingDefect.CR_INSIDE, defects);
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, to))
                    .toString();
        } catch (CharacterCodingException e) {
            defects.add(FramingDefect.NOT_UTF8);
            text = new String(line, 0, to, StandardCharsets.UTF_8);
        }
        if (text.startsWith("\ufeff")) {
            defects.add(FramingDefect.BOM);
            text = text.substring(1);
        }
        return text;
    }

    private static boolean hasDuplicates(JsonObject object) {
        List<String> names = object.members().stream().map(Member::name).toList();
        return names.stream().distinct().count() < names.size();
    }

    private static void note(boolean seen, FramingDefect defect, Set<FramingDefect> defects) {
        if (seen) {
            defects.add(defect);
        }
    }
}
