package dev.neurontp.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A frame that is read without the parser is read as the parser reads it. */
class PlainFrameProperties {
    private static final List<String> NAMES = List.of("op", "rank", "comm_id", "é");

    private interface Reader {
        FrameFields read(byte[] frame, Set<String> known) throws WireException;
    }

    @Property(tries = 5000)
    void theParserReadsTheSame(@ForAll("frames") String text) {
        byte[] frame = text.getBytes(StandardCharsets.UTF_8);
        assertThat(said(FrameFields::read, frame)).isEqualTo(said(FrameFields::parsed, frame));
    }

    @Example
    void whatOurProgramsWriteTakesNoParser() {
        for (String frame : List.of(
                "{\"op\":\"ping\"}",
                "{\"op\":\"pong\",\"rank\":0,\"world_size\":2,\"cuda_device\":4294967295}",
                "{\"op\":\"init\",\"comm_id\":\"abc\"}")) {
            assertThat(PlainFrame.read(frame.getBytes(StandardCharsets.US_ASCII)))
                    .as(frame)
                    .isPresent();
        }
    }

    @Example
    void aLargeFrameIsForTheParserWhichKeepsOnlyWhatIsAskedFor() {
        byte[] large = ("{\"op\":\"ping\",\"x\":\"" + "y".repeat(5000) + "\"}").getBytes(StandardCharsets.US_ASCII);
        assertThat(PlainFrame.read(large)).isEmpty();
        assertThat(said(FrameFields::read, large)).isEqualTo(said(FrameFields::parsed, large));
    }

    /** What both accessors give for every name, or how they refuse it. */
    private static String said(Reader reader, byte[] frame) {
        FrameFields fields;
        try {
            fields = reader.read(frame, Set.copyOf(NAMES));
        } catch (WireException e) {
            return e.getMessage();
        }
        StringBuilder said = new StringBuilder();
        for (String name : NAMES) {
            try {
                said.append(fields.string(name));
            } catch (WireException e) {
                said.append(e.getMessage());
            }
            try {
                said.append(fields.u32(name));
            } catch (WireException e) {
                said.append(e.getMessage());
            }
        }
        return said.toString();
    }

    @Provide
    static Arbitrary<String> frames() {
        Arbitrary<String> value = Arbitraries.of(
                "0",
                "7",
                "4294967295",
                "4294967296",
                "01",
                "-0",
                "-1",
                "1.0",
                "1e2",
                "123456789012345678",
                "1234567890123456789",
                "true",
                "null",
                "{}",
                "[1]",
                "\"\"",
                "\"a b\"",
                "\"\\n\"",
                "\"é\"",
                "\"\u007f\"",
                "\"\u0001\"",
                "\"x",
                "x",
                "");
        Arbitrary<String> field = Combinators.combine(
                        Arbitraries.of(NAMES), Arbitraries.of(":", " : ", "", ",", "\t:\n"), value)
                .as((name, colon, text) -> "\"" + name + "\"" + colon + text);
        Arbitrary<String> object = Combinators.combine(field.list().ofMaxSize(4), Arbitraries.of(",", " , ", ",,", " "))
                .as((fields, comma) -> "{" + String.join(comma, fields) + "}");
        Arbitrary<String> around = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.of("", " ", "\r")),
                net.jqwik.api.Tuple.of(1, Arbitraries.of("{}", ",", "}", "x", "\u0000")));
        return Combinators.combine(around, object, around).as((before, text, after) -> before + text + after);
    }
}
