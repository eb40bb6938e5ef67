package dev.neurontp.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * The codec's verdict is that of a second JSON parser: Gson's reader in its strict mode, which shares no code with
 * Jackson. Where the contract asks for more than JSON does (surrogates, a field twice), the oracle asks for it too.
 */
class SecondParserProperties {
    private static final String ALPHABET =
            "{}[]\":,\\/ \t\r0123456789-+.eEuntrflasopigcm_dD8\u0000\u001f\u00e9\ud83d\ude00";

    @Property(tries = 20_000)
    void theVerdictIsThatOfASecondParser(
            @ForAll("frames") String frame, @ForAll @IntRange(max = 3) int mutations, @ForAll Random random) {
        String mutated = frame;
        for (int i = 0; i < mutations; i++) {
            mutated = mutate(mutated, random);
        }
        byte[] bytes = mutated.getBytes(UTF_8);
        boolean expected = Oracle.takes(new String(bytes, UTF_8));

        assertThat(codecTakes(bytes)).as("frame: %s", mutated).isEqualTo(expected);
        Statistics.label("taken").collect(expected);
        Statistics.label("taken").coverage(c -> c.check(true).percentage(p -> p > 10));
    }

    private static boolean codecTakes(byte[] frame) {
        try {
            WireCodec.decodeRequest(frame);
            return true;
        } catch (WireException _) {
            return false;
        }
    }

    private static String mutate(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        char with = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        int end = Math.min(text.length(), at + 1);
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + with + text.substring(at);
            case 1 -> text.substring(0, at) + text.substring(end);
            case 2 -> text.substring(0, at) + with + text.substring(end);
            default -> text.substring(0, end) + text.substring(at);
        };
    }

    @Provide
    Arbitrary<String> frames() {
        Arbitrary<String> requests = Arbitraries.of(
                "\"op\":\"ping\"",
                "\"op\":\"shutdown\"",
                "\"op\":\"init\",\"comm_id\":\"00ff\"",
                "\"comm_id\":\"\\ud83d\\ude00\",\"op\":\"init\"",
                "\"op\":\"nccl_sanity_check\"");
        return requests.flatMap(request -> JsonText.values().map(value -> "{" + request + ",\"x\": " + value + "}"));
    }

    /** The contract over Gson. */
    private static final class Oracle {
        private final Map<String, Integer> count = new HashMap<>();
        private final Map<String, String> strings = new HashMap<>();
        private boolean wellFormed = true;

        static boolean takes(String frame) {
            // Gson skips LF as white space, which cannot stand inside a frame; nothing here makes one.
            try (JsonReader json = new JsonReader(new StringReader(frame))) {
                json.setStrictness(Strictness.STRICT);
                return new Oracle().read(json);
            } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException _) {
                return false;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private boolean read(JsonReader json) throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                String name = check(json.nextName());
                count.merge(name, 1, Integer::sum);
                if (json.peek() == JsonToken.STRING) {
                    strings.put(name, check(json.nextString()));
                } else {
                    strings.remove(name);
                    value(json);
                }
            }
            json.endObject();
            return json.peek() == JsonToken.END_DOCUMENT && wellFormed && isRequest();
        }

        private boolean isRequest() {
            if (count.getOrDefault("op", 0) != 1) {
                return false;
            }
            return switch (strings.getOrDefault("op", "")) {
                case "ping", "nccl_sanity_check", "shutdown" -> true;
                case "init" -> count.getOrDefault("comm_id", 0) == 1 && strings.containsKey("comm_id");
                default -> false;
            };
        }

        private void value(JsonReader json) throws IOException {
            switch (json.peek()) {
                case BEGIN_OBJECT -> {
                    json.beginObject();
                    while (json.hasNext()) {
                        check(json.nextName());
                        value(json);
                    }
                    json.endObject();
                }
                case BEGIN_ARRAY -> {
                    json.beginArray();
                    while (json.hasNext()) {
                        value(json);
                    }
                    json.endArray();
                }
                case STRING, NUMBER -> check(json.nextString());
                case BOOLEAN -> {
                    boolean _ = json.nextBoolean();
                }
                case NULL -> json.nextNull();
                default -> throw new MalformedJsonException("a value was expected");
            }
        }

        private String check(String text) {
            wellFormed &= WireText.isWellFormed(text);
            return text;
        }
    }
}
