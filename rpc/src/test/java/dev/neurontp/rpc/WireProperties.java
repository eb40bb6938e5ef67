package dev.neurontp.rpc;

import static dev.neurontp.rpc.Decoding.refusal;
import static dev.neurontp.rpc.Decoding.request;
import static dev.neurontp.rpc.Decoding.response;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every request, every reply, every line and every way to cut a stream. */
class WireProperties {
    private static final List<String> OPS = List.of("ping", "init", "nccl_sanity_check", "x_nccl_check", "shutdown");

    @Property
    void anyRequestSurvivesARoundTrip(@ForAll("requests") WorkerRequest request) {
        assertThat(request(WireCodec.encode(request))).isEqualTo(request);
    }

    @Property
    void anyReplySurvivesARoundTrip(@ForAll("replies") WorkerResponse response) {
        byte[] frame = WireCodec.encode(response);

        assertThat(response(frame)).isEqualTo(response);
        assertThat(new String(frame, UTF_8)).doesNotContain("\n", "\r");
    }

    @Property
    void orderSpaceEscapesAndUnknownFieldsNeverChangeTheMeaning(
            @ForAll("requests") WorkerRequest request,
            @ForAll("unknownFields") Map<String, String> unknown,
            @ForAll Random random) {
        List<Map.Entry<String, String>> fields = new ArrayList<>(unknown.entrySet());
        fields.add(Map.entry("op", JsonText.string(request.op(), random)));
        if (request instanceof WorkerRequest.Init init) {
            fields.add(Map.entry("comm_id", JsonText.string(init.commId(), random)));
        }

        assertThat(request(JsonText.object(fields, random))).isEqualTo(request);
    }

    @Property
    void anyMutationOfAnOpTagIsRefused(
            @ForAll("ops") String op,
            @ForAll @IntRange(max = 100) int position,
            @ForAll char with,
            @ForAll Random random) {
        int at = position % (op.length() + 1);
        String mutated = switch (random.nextInt(3)) {
            case 0 -> op.substring(0, at) + with + op.substring(at);
            case 1 -> op.substring(0, at) + op.substring(Math.min(at + 1, op.length()));
            default -> op.substring(0, at) + with + op.substring(Math.min(at + 1, op.length()));
        };
        Assume.that(!OPS.contains(mutated));

        refusal("{\"comm_id\":\"\",\"op\":" + JsonText.string(mutated, random) + "}");
    }

    @Property(tries = 5000)
    void anyBytesAreAnsweredOrSkippedAndNeverThrow(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
        FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes), 64);

        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            switch (frame) {
                case Frame.Line line -> {
                    assertThat(line.bytes().length).isBetween(1, 64);
                    answer(line.bytes());
                }
                case Frame.TooLong tooLong -> assertThat(tooLong.length()).isBetween(65L, 200L);
            }
        }
    }

    @Property
    void anyChunkingGivesTheSameFrames(
            @ForAll @Size(max = 30) List<@net.jqwik.api.From("lines") String> lines,
            @ForAll @IntRange(min = 1, max = 40) int chunk)
            throws IOException {
        String stream = String.join("\n", lines);

        List<String> whole = FrameReaderTest.lines(stream, 48);

        assertThat(FrameReaderTest.lines(inChunks(stream, chunk), 48)).isEqualTo(whole);
        assertThat(FrameReaderTest.lines(inChunks(stream, 1), 48)).isEqualTo(whole);
    }

    private static void answer(byte[] line) {
        try {
            WireCodec.decodeRequest(line);
        } catch (WireException e) {
            assertThat(e.toResponse().message()).isNotEmpty();
        }
    }

    private static InputStream inChunks(String text, int size) {
        return new ByteArrayInputStream(text.getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, size));
            }
        };
    }

    @Provide
    Arbitrary<String> ops() {
        return Arbitraries.of(OPS);
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.oneOf(
                Arbitraries.of("", " ", "\r", "\t \r", "{\"op\":\"ping\"}", "{\"op\":\"ping\"}\r"),
                Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(80),
                Arbitraries.strings().withChars('é', '€', '\u0000', ' ').ofMaxLength(30));
    }

    @Provide
    Arbitrary<WorkerRequest> requests() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        new WorkerRequest.Ping(),
                        new WorkerRequest.NcclSanityCheck(),
                        new WorkerRequest.XNcclCheck(),
                        new WorkerRequest.Shutdown()),
                texts().map(WorkerRequest.Init::new));
    }

    @Provide
    Arbitrary<WorkerResponse> replies() {
        Arbitrary<Long> u32 = Arbitraries.longs().between(0, U32.MAX);
        return Arbitraries.oneOf(
                Combinators.combine(u32, u32, u32).as(WorkerResponse.Pong::new),
                u32.map(WorkerResponse.NcclSanityResult::new),
                Combinators.combine(u32, u32, texts()).as(WorkerResponse.XNcclCheckResult::new),
                Arbitraries.of(new WorkerResponse.InitOk(), new WorkerResponse.Bye()),
                Combinators.combine(texts(), texts().filter(text -> !text.isEmpty()))
                        .as(WorkerResponse.Error::new));
    }

    @Provide
    Arbitrary<Map<String, String>> unknownFields() {
        Arbitrary<String> names = texts().filter(name -> !name.equals("op") && !name.equals("comm_id"));
        return Arbitraries.maps(names, JsonText.values()).ofMaxSize(5);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(40).filter(WireText::isWellFormed);
    }
}
