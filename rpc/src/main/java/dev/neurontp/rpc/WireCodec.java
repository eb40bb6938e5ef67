package dev.neurontp.rpc;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Bytes of a frame to record and back, exact to the contract. A frame is a line without its LF. Encoded frames are
 * compact, UTF-8, hold no line break and end without one; {@link FrameWriter} adds it. Stateless: any thread may call.
 */
public final class WireCodec {
    private static final String OP = "op";
    private static final Set<String> REQUEST_FIELDS = Set.of(
            OP,
            WorkerRequest.Init.COMM_ID,
            XCollective.COLLECTIVE,
            XCollective.TYPE,
            XCollective.REDOP,
            XCollective.COUNT,
            XCollective.ROOT,
            XCollective.PAIRS,
            XCollective.PLACE,
            XCollective.SHIFT,
            XCollective.WARMUP,
            XCollective.ITERATIONS,
            XCollective.CHECKS,
            XCollective.SEED,
            XCollective.TIMEOUT_MS);
    private static final Set<String> RESPONSE_FIELDS = Set.of(
            OP,
            WorkerResponse.Pong.RANK,
            WorkerResponse.Pong.WORLD_SIZE,
            WorkerResponse.Pong.CUDA_DEVICE,
            WorkerResponse.NcclSanityResult.OBSERVED_SUM,
            WorkerResponse.XNcclCheckResult.SUM_OF_ONES,
            WorkerResponse.XNcclCheckResult.SUM_OF_RANKS,
            WorkerResponse.XNcclCheckResult.RANK_BITS,
            XDeviceInfo.HOST,
            XDeviceInfo.BOOT_ID,
            XDeviceInfo.COMMUNICATOR,
            XDeviceInfo.SIMULATED,
            XDeviceInfo.DEVICE_UUID,
            XDeviceInfo.PCI_BUS_ID,
            XDeviceInfo.DEVICE_NAME,
            XDeviceInfo.DRIVER,
            XDeviceInfo.CUDA,
            XDeviceInfo.NCCL,
            XDeviceInfo.NCCL_LIBRARY,
            XDeviceInfo.MEMORY_TOTAL,
            XDeviceInfo.MEMORY_FREE,
            XDeviceInfo.NUMA_NODE,
            XDeviceInfo.COMPUTE_CAPABILITY,
            XCollectiveResult.CHECKED,
            XCollectiveResult.WRONG,
            XCollectiveResult.FIRST_INDEX,
            XCollectiveResult.EXPECTED,
            XCollectiveResult.GOT,
            XCollectiveResult.CAUSE,
            XCollectiveResult.WRONG_FROM,
            XCollectiveResult.DEVICE_NS + XCollectiveResult.MIN,
            XCollectiveResult.DEVICE_NS + XCollectiveResult.MEDIAN,
            XCollectiveResult.DEVICE_NS + XCollectiveResult.MAX,
            XCollectiveResult.WALL_NS + XCollectiveResult.MIN,
            XCollectiveResult.WALL_NS + XCollectiveResult.MEDIAN,
            XCollectiveResult.WALL_NS + XCollectiveResult.MAX,
            XCollectiveResult.ARRIVED_NS,
            WorkerResponse.Error.KIND,
            WorkerResponse.Error.MESSAGE);
    private static final JsonFactory JSON = new JsonFactory();

    private WireCodec() {}

    /**
     * What a worker reads.
     *
     * @throws WireException with the error that the worker must answer to this line (O2 to O6, F10, F11)
     */
    public static WorkerRequest decodeRequest(byte[] frame) throws WireException {
        FrameFields fields = fields(frame, REQUEST_FIELDS);
        String op = fields.string(OP);
        return switch (op) {
            case WorkerRequest.Ping.OP -> new WorkerRequest.Ping();
            case WorkerRequest.Init.OP -> new WorkerRequest.Init(fields.string(WorkerRequest.Init.COMM_ID));
            case WorkerRequest.NcclSanityCheck.OP -> new WorkerRequest.NcclSanityCheck();
            case WorkerRequest.XNcclCheck.OP -> new WorkerRequest.XNcclCheck();
            case WorkerRequest.XDevice.OP -> new WorkerRequest.XDevice();
            case XCollective.OP -> ExtensionCodec.collective(fields);
            case WorkerRequest.Shutdown.OP -> new WorkerRequest.Shutdown();
            default ->
                throw WireException.badRequest(
                        "unknown op '" + WireText.quotable(op) + "': this worker knows " + WorkerRequest.OPS);
        };
    }

    /**
     * What a leader reads. Fields that it does not know are ignored, so that the contract can grow.
     *
     * @throws WireException when the line is no reply of this contract; its kind is then of no use to the leader
     */
    public static WorkerResponse decodeResponse(byte[] frame) throws WireException {
        FrameFields fields = fields(frame, RESPONSE_FIELDS);
        String op = fields.string(OP);
        return switch (op) {
            case WorkerResponse.Pong.OP ->
                new WorkerResponse.Pong(
                        fields.u32(WorkerResponse.Pong.RANK),
                        fields.u32(WorkerResponse.Pong.WORLD_SIZE),
                        fields.u32(WorkerResponse.Pong.CUDA_DEVICE));
            case WorkerResponse.InitOk.OP -> new WorkerResponse.InitOk();
            case WorkerResponse.NcclSanityResult.OP ->
                new WorkerResponse.NcclSanityResult(fields.u32(WorkerResponse.NcclSanityResult.OBSERVED_SUM));
            case WorkerResponse.XNcclCheckResult.OP ->
                new WorkerResponse.XNcclCheckResult(
                        fields.u32(WorkerResponse.XNcclCheckResult.SUM_OF_ONES),
                        fields.u32(WorkerResponse.XNcclCheckResult.SUM_OF_RANKS),
                        fields.string(WorkerResponse.XNcclCheckResult.RANK_BITS));
            case XDeviceInfo.OP -> ExtensionCodec.deviceInfo(fields);
            case XCollectiveResult.OP -> ExtensionCodec.collectiveResult(fields);
            case WorkerResponse.Bye.OP -> new WorkerResponse.Bye();
            case WorkerResponse.Error.OP -> error(fields);
            default -> throw WireException.badRequest("unknown reply op '" + WireText.quotable(op) + "'");
        };
    }

    private static WorkerResponse.Error error(FrameFields fields) throws WireException {
        String kind = fields.string(WorkerResponse.Error.KIND);
        String message = fields.string(WorkerResponse.Error.MESSAGE);
        if (message.isEmpty()) {
            throw WireException.badRequest("message is empty: an error says what is wrong");
        }
        return new WorkerResponse.Error(kind, message);
    }

    /** The frame of a request. */
    public static byte[] encode(WorkerRequest request) {
        return object(request.op(), json -> {
            if (request instanceof WorkerRequest.Init init) {
                json.writeStringProperty(WorkerRequest.Init.COMM_ID, init.commId());
            } else if (request instanceof XCollective collective) {
                ExtensionCodec.write(json, collective);
            }
        });
    }

    /** The frame of a reply, with the contract's fields and no others (O9). */
    public static byte[] encode(WorkerResponse response) {
        return object(response.op(), json -> {
            // No switch over types: the JVM links it again at each start, which costs a worker's first pong 10 ms.
            if (response instanceof WorkerResponse.Pong pong) {
                json.writeNumberProperty(WorkerResponse.Pong.RANK, pong.rank());
                json.writeNumberProperty(WorkerResponse.Pong.WORLD_SIZE, pong.worldSize());
                json.writeNumberProperty(WorkerResponse.Pong.CUDA_DEVICE, pong.cudaDevice());
            } else if (response instanceof WorkerResponse.NcclSanityResult result) {
                json.writeNumberProperty(WorkerResponse.NcclSanityResult.OBSERVED_SUM, result.observedSum());
            } else if (response instanceof WorkerResponse.XNcclCheckResult result) {
                json.writeNumberProperty(WorkerResponse.XNcclCheckResult.SUM_OF_ONES, result.sumOfOnes());
                json.writeNumberProperty(WorkerResponse.XNcclCheckResult.SUM_OF_RANKS, result.sumOfRanks());
                json.writeStringProperty(WorkerResponse.XNcclCheckResult.RANK_BITS, result.rankBits());
            } else if (response instanceof WorkerResponse.Error error) {
                json.writeStringProperty(WorkerResponse.Error.KIND, error.kind());
                json.writeStringProperty(WorkerResponse.Error.MESSAGE, error.message());
            } else if (response instanceof XDeviceInfo info) {
                ExtensionCodec.write(json, info);
            } else if (response instanceof XCollectiveResult result) {
                ExtensionCodec.write(json, result);
            }
        });
    }

    @FunctionalInterface
    private interface FieldWriter {
        void write(JsonGenerator json);
    }

    private static byte[] object(String op, FieldWriter fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty(OP, op);
            fields.write(json);
            json.writeEndObject();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static FrameFields fields(byte[] frame, Set<String> known) throws WireException {
        if (!Utf8.isValid(frame)) {
            throw WireException.badRequest("the line is not UTF-8");
        }
        if (Utf8.startsWithByteOrderMark(frame)) {
            throw WireException.badRequest("the line begins with a byte order mark, which is no JSON");
        }
        return FrameFields.read(frame, known);
    }
}
