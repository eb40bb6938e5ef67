package dev.neurontp.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract as data and the contract as code say the same. */
class ContractDocumentTest {
    private static final JsonNode CONTRACT = read();

    @Test
    void opsAndTheirFieldsAreThoseOfTheRecords() {
        assertThat(shapes("ops"))
                .containsExactly("init(comm_id:string)", "nccl_sanity_check()", "ping()", "shutdown()");
        assertThat(shapes("replies"))
                .containsExactly(
                        "bye()",
                        "error(kind:string, message:string)",
                        "init_ok()",
                        "nccl_sanity_result(observed_sum:u32)",
                        "pong(rank:u32, world_size:u32, cuda_device:u32)");
        assertThat(shapes("extensions"))
                .containsExactly(
                        "x_collective(collective:string, type:string, redop:string, count:string, root:u32, pairs:string,"
                                + " place:string, shift:u32, warmup:u32, iterations:u32, checks:u32, seed:string,"
                                + " timeout_ms:u32)",
                        "x_device()",
                        "x_nccl_check()");
        int extensions = shapes("extensions").size();
        assertThat(WorkerRequest.class.getPermittedSubclasses())
                .hasSize(shapes("ops").size() + extensions);
        assertThat(WorkerResponse.class.getPermittedSubclasses())
                .hasSize(shapes("replies").size() + extensions);
    }

    @Test
    void theEncoderWritesTheFieldsOfTheDocument() {
        List<WorkerResponse> replies = List.of(
                new WorkerResponse.Pong(1, 2, 3),
                new WorkerResponse.InitOk(),
                new WorkerResponse.NcclSanityResult(2),
                new WorkerResponse.Bye(),
                new WorkerResponse.Error("k", "m"));

        for (WorkerResponse reply : replies) {
            JsonNode written = JsonMapper.shared().readTree(WireCodec.encode(reply));
            assertThat(written.propertyNames()).containsExactlyInAnyOrderElementsOf(fieldsOf(reply.op()));
        }
    }

    @Test
    void theEncoderWritesTheFieldsOfEachExtension() {
        List<WorkerResponse> replies = List.of(
                new WorkerResponse.XNcclCheckResult(3, 6, "00000007"),
                Extensions.DEVICE_INFO,
                Extensions.COLLECTIVE_RESULT);

        assertThat(replies)
                .as("a reply for each extension of the document")
                .extracting(WorkerResponse::op)
                .containsExactlyElementsOf(list("extensions", "reply"));
        for (int i = 0; i < replies.size(); i++) {
            Stream<String> fields = names(CONTRACT.path("extensions").path(i).path("reply_fields"));
            assertThat(JsonMapper.shared()
                            .readTree(WireCodec.encode(replies.get(i)))
                            .propertyNames())
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(Stream.of("op"), fields).toList());
        }
    }

    @Test
    void theEncoderWritesTheRequestFieldsOfEachExtension() {
        List<WorkerRequest> requests =
                List.of(new WorkerRequest.XNcclCheck(), new WorkerRequest.XDevice(), Extensions.COLLECTIVE);

        assertThat(requests).extracting(WorkerRequest::op).containsExactlyElementsOf(list("extensions", "op"));
        for (int i = 0; i < requests.size(); i++) {
            assertThat(JsonMapper.shared()
                            .readTree(WireCodec.encode(requests.get(i)))
                            .propertyNames())
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("op"),
                                    names(CONTRACT.path("extensions").path(i).path("fields")))
                            .toList());
        }
    }

    @Test
    void theExtensionsOwnKindOfErrorIsNoneOfTheContract() {
        assertThat(strings(CONTRACT.path("extensions").path(1).path("error_kinds")))
                .containsExactly(WorkerResponse.Error.X_UNSUPPORTED);
        assertThat(ErrorKind.find(WorkerResponse.Error.X_UNSUPPORTED)).isEmpty();
    }

    @Test
    void kindsAndBoundsAreThoseOfTheCode() {
        assertThat(list("error_kinds", "kind"))
                .containsExactlyElementsOf(Arrays.stream(ErrorKind.values())
                        .map(ErrorKind::wireName)
                        .toList());
        assertThat(CONTRACT.at("/framing/max_frame_bytes").asInt()).isEqualTo(FrameReader.DEFAULT_LIMIT);
        assertThat(CONTRACT.at("/types/u32/max").asLong()).isEqualTo(U32.MAX);
    }

    @Test
    void everyRuleIsComplete() {
        assertThat(list("rules", "id")).doesNotHaveDuplicates().hasSize(42);
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.path("level").asString()).isIn("MUST", "SHOULD", "OWN");
            assertThat(list("stages", "stage")).containsAll(strings(rule.path("stages")));
            assertThat(rule.path("stages")).isNotEmpty();
            assertThat(rule.path("rule").asString()).endsWith(".");
            assertThat(rule.path("why").asString()).isNotBlank();
            assertThat(rule.path("example").propertyNames()).isNotEmpty();
        });
    }

    /** Every example of one request that a codec can judge is given to ours. */
    @TestFactory
    Stream<DynamicTest> examplesHoldForTheCodec() {
        return rules().filter(rule -> !rule.at("/example/request").asString("").contains("…"))
                .filter(rule -> !rule.at("/example/request").asString("").contains("\n"))
                .filter(rule -> !rule.path("id").asString().equals("F3"))
                .filter(rule -> rule.path("example").has("request")
                        || rule.path("example").has("request_hex"))
                .map(rule -> DynamicTest.dynamicTest(
                        rule.path("id").asString() + " " + rule.path("title").asString(), () -> judge(rule)));
    }

    private static void judge(JsonNode rule) {
        JsonNode example = rule.path("example");
        byte[] frame = example.has("request")
                ? example.path("request").asString().getBytes(StandardCharsets.UTF_8)
                : HexFormat.of().parseHex(example.path("request_hex").asString());
        boolean refused = example.at("/error/kind").toString().contains("bad_request");
        if (refused && !rule.path("id").asString().equals("S5")) {
            Decoding.refusal(frame);
        } else {
            assertThat(Decoding.request(frame)).isNotNull();
        }
    }

    private static Stream<String> names(JsonNode fields) {
        return StreamSupport.stream(fields.spliterator(), false)
                .map(field -> field.path("name").asString());
    }

    private static Set<String> shapes(String list) {
        Set<String> shapes = new TreeSet<>();
        for (JsonNode op : CONTRACT.path(list)) {
            List<String> fields = StreamSupport.stream(op.path("fields").spliterator(), false)
                    .map(f -> f.path("name").asString() + ":" + f.path("type").asString())
                    .toList();
            shapes.add(op.path("op").asString() + "(" + String.join(", ", fields) + ")");
        }
        return shapes;
    }

    private static List<String> fieldsOf(String reply) {
        JsonNode op = StreamSupport.stream(CONTRACT.path("replies").spliterator(), false)
                .filter(r -> r.path("op").asString().equals(reply))
                .findFirst()
                .orElseThrow();
        return Stream.concat(
                        Stream.of("op"),
                        StreamSupport.stream(op.path("fields").spliterator(), false)
                                .map(f -> f.path("name").asString()))
                .toList();
    }

    private static Stream<JsonNode> rules() {
        return StreamSupport.stream(CONTRACT.path("rules").spliterator(), false);
    }

    private static List<String> list(String list, String field) {
        return StreamSupport.stream(CONTRACT.path(list).spliterator(), false)
                .map(entry -> entry.path(field).asString())
                .toList();
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    static JsonNode contract() {
        return CONTRACT;
    }

    private static JsonNode read() {
        try (InputStream in = WireCodec.class.getResourceAsStream("wire-contract.json")) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
