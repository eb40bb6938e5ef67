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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every request, every reply, every line and every way to cut a stream. */
class WireProperties {
    private static final List<String> OPS = List.of(WorkerRequest.OPS.split(", | and "));
    /** {@code op} and the fields of all requests. */
    private static final Set<String> FIELDS = samples().stream()
            .flatMap(request -> fields(request).keySet().stream())
            .collect(Collectors.toSet());

    @Test
    void everyRequestAndEveryReplyIsGenerated() {
        assertThat(typesOf(requests())).containsExactlyInAnyOrder(WorkerRequest.class.getPermittedSubclasses());
        assertThat(typesOf(replies())).containsExactlyInAnyOrder(WorkerResponse.class.getPermittedSubclasses());
        assertThat(samples()).extracting(WorkerRequest::op).containsExactlyInAnyOrderElementsOf(OPS);
    }

    private static Set<Class<?>> typesOf(Arbitrary<?> arbitrary) {
        return arbitrary.sampleStream().limit(1000).map(Object::getClass).collect(Collectors.toSet());
    }

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
        fields(request)
                .forEach((name, value) -> fields.add(Map.entry(
                        name, value.isString() ? JsonText.string(value.stringValue(), random) : value.toString())));

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

    /** One of each. */
    private static List<WorkerRequest> samples() {
        return List.of(
                new WorkerRequest.Ping(),
                new WorkerRequest.NcclSanityCheck(),
                new WorkerRequest.XNcclCheck(),
                new WorkerRequest.XDevice(),
                Extensions.COLLECTIVE,
                new WorkerRequest.Shutdown(),
                new WorkerRequest.Init("a1"));
    }

    /** The names and values that the encoder writes. */
    private static Map<String, JsonNode> fields(WorkerRequest request) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        JsonMapper.shared()
                .readTree(WireCodec.encode(request))
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    @Provide
    Arbitrary<WorkerRequest> requests() {
        return Arbitraries.oneOf(
                Arbitraries.of(samples()), texts().map(WorkerRequest.Init::new), Extensions.requests());
    }

    @Provide
    Arbitrary<WorkerResponse> replies() {
        Arbitrary<Long> u32 = Arbitraries.longs().between(0, U32.MAX);
        return Arbitraries.oneOf(
                Combinators.combine(u32, u32, u32).as(WorkerResponse.Pong::new),
                u32.map(WorkerResponse.NcclSanityResult::new),
                Combinators.combine(u32, u32, texts()).as(WorkerResponse.XNcclCheckResult::new),
                Arbitraries.of(new WorkerResponse.InitOk(), new WorkerResponse.Bye()),
                Extensions.deviceInfos(),
                Extensions.collectiveResults(),
                Combinators.combine(texts(), texts().filter(text -> !text.isEmpty()))
                        .as(WorkerResponse.Error::new));
    }

    @Provide
    Arbitrary<Map<String, String>> unknownFields() {
        Arbitrary<String> names = texts().filter(name -> !FIELDS.contains(name));
        return Arbitraries.maps(names, JsonText.values()).ofMaxSize(5);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(40).filter(WireText::isWellFormed);
    }
}
