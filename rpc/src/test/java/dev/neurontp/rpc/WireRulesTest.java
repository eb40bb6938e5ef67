package dev.neurontp.rpc;

import static dev.neurontp.rpc.Decoding.refusal;
import static dev.neurontp.rpc.Decoding.request;
import static dev.neurontp.rpc.Decoding.response;
import static dev.neurontp.rpc.Decoding.responseRefusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codec's share of the contract, rule by rule. */
class WireRulesTest {
    private static final WorkerRequest PING = new WorkerRequest.Ping();

    @DisplayName("F2: white space around and inside a request is taken")
    @ParameterizedTest
    @ValueSource(strings = {" \t{\"op\":\"ping\"}\r", "{ \"op\" :\t\"ping\"\r}", "{\"op\":\"ping\"} \t"})
    void whiteSpaceIsTaken(String frame) {
        assertThat(request(frame)).isEqualTo(PING);
    }

    @DisplayName("F10: what is not UTF-8 is refused: a stray byte, overlong forms, encoded surrogates, a cut sequence")
    @ParameterizedTest
    @ValueSource(strings = {"ff", "80", "c080", "c1bf", "e08080", "f0808080", "eda080", "edbfbf", "f4908080", "e282"})
    void invalidUtf8IsRefused(String hex) {
        byte[] frame = HexFormat.of().parseHex(hexOf("{\"op\":\"ping\",\"x\":\"") + hex + hexOf("\"}"));

        assertThat(refusal(frame)).isEqualTo("the line is not UTF-8");
    }

    @Test
    @DisplayName("F11: a byte order mark is refused")
    void aByteOrderMarkIsRefused() {
        assertThat(refusal("\uFEFF{\"op\":\"ping\"}")).contains("byte order mark");
    }

    @Test
    @DisplayName("F1: other encodings are refused")
    void utf16IsRefused() {
        refusal("{\"op\":\"ping\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE));
        refusal("{\"op\":\"ping\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE));
    }

    @DisplayName("O1: op may stand anywhere, escapes count as themselves")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":1,\"op\":\"ping\"}",
                "{\"\\u006fp\":\"p\\u0069ng\"}",
                "{\"\\u006F\\u0070\":\"\\u0070ing\",\"y\":[]}"
            })
    void opMayStandAnywhere(String frame) {
        assertThat(request(frame)).isEqualTo(PING);
    }

    @DisplayName("O1, O5: tags are case-sensitive and exact")
    @ParameterizedTest
    @ValueSource(
            strings = {"Ping", "PING", "ping ", " ping", "pin", "pings", "", "pong", "nccl-sanity-check", "ping\\u0000"
            })
    void otherTagsAreUnknown(String op) {
        assertThat(refusal("{\"op\":\"" + op + "\"}")).startsWith("unknown op '");
    }

    @Test
    @DisplayName("O1: field names are case-sensitive")
    void fieldNamesAreExact() {
        assertThat(refusal("{\"Op\":\"ping\"}")).isEqualTo("the field op is missing");
        assertThat(refusal("{\"op\":\"init\",\"commId\":\"\"}")).isEqualTo("the field comm_id is missing");
    }

    @DisplayName("O2: a u32 is a plain integer")
    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "-0", "1.0", "1e0", "4294967296", "99999999999999999999", "\"1\"", "null", "true", "[1]"})
    void otherNumbersAreRefused(String sum) {
        assertThat(responseRefusal("{\"op\":\"nccl_sanity_result\",\"observed_sum\":" + sum + "}"))
                .contains("observed_sum");
    }

    @Test
    @DisplayName("O2: the ends of the range are taken")
    void theEndsOfTheRangeAreTaken() {
        assertThat(response("{\"op\":\"pong\",\"rank\":0,\"world_size\":4294967295,\"cuda_device\":7}".getBytes(UTF_8)))
                .isEqualTo(new WorkerResponse.Pong(0, 4294967295L, 7));
    }

    @DisplayName("O3: unknown fields are ignored, whatever they hold")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\":{\"op\":\"init\"}",
                "\"x\":1,\"x\":2",
                "\"comm_id\":7",
                "\"comm_id\":\"a\",\"comm_id\":\"b\"",
                "\"\":null",
                "\"rank\":[[],{}]",
                "\"x\":1e308",
                "\"x\":123456789012345678901234567890"
            })
    void unknownFieldsAreIgnored(String field) {
        assertThat(request("{" + field + ",\"op\":\"ping\"}")).isEqualTo(PING);
        assertThat(request("{\"op\":\"ping\"," + field + "}")).isEqualTo(PING);
    }

    @Test
    @DisplayName("O3: a name of 100 000 characters and a number of 2000 digits are ignored too")
    void longNamesAndNumbersAreIgnored() {
        assertThat(request("{\"" + "n".repeat(100_000) + "\":" + "9".repeat(2000) + ",\"op\":\"ping\"}"))
                .isEqualTo(PING);
    }

    @DisplayName("O4: a known field twice is refused, the same value and escaped spellings too")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":\"ping\",\"op\":\"ping\"}",
                "{\"op\":\"ping\",\"\\u006fp\":\"ping\"}",
                "{\"op\":\"init\",\"comm_id\":\"a\",\"comm_id\":\"a\"}",
                "{\"op\":\"ping\",\"op\":[1]}"
            })
    void aKnownFieldTwiceIsRefused(String frame) {
        assertThat(refusal(frame)).contains("more than once");
    }

    @DisplayName("O6: what is no request is refused")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{",
                "}",
                "[]",
                "[\"ping\"]",
                "\"ping\"",
                "1",
                "null",
                "true",
                "{}",
                "{\"op\":1}",
                "{\"op\":null}",
                "{\"op\":[\"ping\"]}",
                "{\"op\":{\"op\":\"ping\"}}",
                "{\"op\":\"init\"}",
                "{\"op\":\"init\",\"comm_id\":1}",
                "{\"op\":\"init\",\"comm_id\":null}",
                "{\"op\":\"ping\"}{\"op\":\"ping\"}",
                "{\"op\":\"ping\"} x",
                "{\"op\":\"ping\"}]",
                "{\"op\":\"ping\"},",
                "{\"op\":\"ping\",}",
                "{,\"op\":\"ping\"}",
                "{\"op\":\"ping\" \"x\":1}",
                "{\"op\" \"ping\"}",
                "{\"op\":\"ping\"/*c*/}",
                "{\"op\":\"ping\"}//c",
                "#\n{\"op\":\"ping\"}",
                "{'op':'ping'}",
                "{op:\"ping\"}",
                "{\"op\":\"ping\",\"x\":NaN}",
                "{\"op\":\"ping\",\"x\":Infinity}",
                "{\"op\":\"ping\",\"x\":-Infinity}",
                "{\"op\":\"ping\",\"x\":01}",
                "{\"op\":\"ping\",\"x\":+1}",
                "{\"op\":\"ping\",\"x\":.5}",
                "{\"op\":\"ping\",\"x\":1.}",
                "{\"op\":\"ping\",\"x\":0x1}",
                "{\"op\":\"ping\",\"x\":-}",
                "{\"op\":\"ping\",\"x\":1e}",
                "{\"op\":\"ping\",\"x\":True}",
                "{\"op\":\"ping\",\"x\":}",
                "{\"op\":\"ping\",\"x\":\"\\x\"}",
                "{\"op\":\"ping\",\"x\":\"\\u12\"}",
                "{\"op\":\"ping\",\"x\":\"\t\"}",
                "{\"op\":\"ping\",\"x\":\"\u0000\"}",
                "{\"op\":\"ping\",\"x\":[1,]}",
                "{\"op\":\"ping\",\"x\":[1}",
                "{\"op\":\"ping\"\u00a0}",
                "\u0000{\"op\":\"ping\"}",
                "{\"op\":\"ping\"}\u0000",
                "\f{\"op\":\"ping\"}"
            })
    void whatIsNoRequestIsRefused(String frame) {
        refusal(frame);
    }

    @DisplayName("O6: what is no JSON is refused with what and where, without a word of the line or of a library")
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"op":"ping"               | not JSON: it ends too early (column 13)
            {"op":"pi                  | not JSON: it ends too early (column 10)
            {"op":evil}                | not JSON: what is there cannot be there (column 7)
            evil                       | not JSON: what is there cannot be there (column 1)
            {"op":"ping","x":NaN}      | not JSON: what is there cannot be there (column 21)
            {"op":"ping"/*evil*/}      | not JSON: what is there cannot be there (column 13)
            {"op":"ping"}              |
            """)
    void whatIsNoJsonIsSaidInOurOwnWords(String frame, String words) {
        if (words == null) {
            assertThat(request(frame)).isEqualTo(PING);
        } else {
            assertThat(refusal(frame)).isEqualTo(words);
        }
    }

    @Test
    @DisplayName("O7: too many levels are named as such")
    void tooManyLevelsAreNamed() {
        assertThat(refusal("{\"op\":\"ping\",\"x\":" + "[".repeat(2000)))
                .isEqualTo("not JSON: its nesting is deeper than 1000 levels");
    }

    @DisplayName("O6: a lone surrogate escape is refused in names and values, at any depth")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\":\"\\ud800\"",
                "\"x\":\"\\udc00\"",
                "\"x\":\"\\udc00\\ud800\"",
                "\"x\":[{\"y\":\"\\ud83dz\"}]",
                "\"\\ud800\":1",
                "\"x\":{\"\\udfff\":1}",
                "\"comm_id\":\"\\ud800\""
            })
    void loneSurrogatesAreRefused(String field) {
        assertThat(refusal("{\"op\":\"ping\"," + field + "}")).contains("surrogate");
        assertThat(request("{\"op\":\"ping\",\"x\":\"\\ud83d\\ude00\"}")).isEqualTo(PING);
    }

    @Test
    @DisplayName("O7: nesting of 126 levels is taken, of 100 000 answered")
    void deepNestingIsAnswered() {
        assertThat(request(nested(126))).isEqualTo(PING);
        assertThat(refusal(nested(100_000))).contains("nesting");
        assertThat(refusal("{\"op\":\"ping\",\"x\":" + "[".repeat(1_000_000))).contains("nesting");
    }

    @Test
    @DisplayName("O6: an escape takes hex digits only, no character whose low byte is one")
    void escapesTakeHexDigitsOnly() {
        refusal("{\"op\":\"ping\",\"x\":\"\\u5f4\u1435\"}");
        refusal("{\"op\":\"ping\",\"\\u5f4\u1435\":1}");
    }

    @Test
    @DisplayName("O3, F8: a frame of a million distinct names is taken")
    void aMillionDistinctNamesAreIgnored() {
        StringBuilder frame = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            frame.append("\"n").append(i).append("\":1,");
        }
        assertThat(request(frame.append("\"op\":\"ping\"}").toString())).isEqualTo(PING);
    }

    @Test
    @DisplayName("O10s: a refusal quotes 64 characters of its cause at most")
    void refusalsAreShort() {
        assertThat(refusal("{\"op\":\"" + "é".repeat(10_000_000) + "\"}").length())
                .isLessThan(200);
        assertThat(refusal("x".repeat(10_000_000)).getBytes(UTF_8).length).isLessThan(4096);
    }

    @Test
    @DisplayName("S1, S5: the codec takes any string as comm_id")
    void commIdIsAnyString() {
        assertThat(request("{\"comm_id\":\"\",\"op\":\"init\"}")).isEqualTo(new WorkerRequest.Init(""));
        assertThat(request("{\"op\":\"init\",\"comm_id\":\"\\n€\"}")).isEqualTo(new WorkerRequest.Init("\n€"));
    }

    @Test
    @DisplayName("a leader ignores reply fields that it does not know")
    void repliesMayGrow() {
        assertThat(response("{\"op\":\"bye\",\"reason\":\"told so\",\"rank\":\"x\"}".getBytes(UTF_8)))
                .isEqualTo(new WorkerResponse.Bye());
    }

    @Test
    @DisplayName("O10: a leader takes an error of any kind, and none without words")
    void errorsOfAnyKindAreRead() {
        assertThat(response("{\"op\":\"error\",\"kind\":\"new\",\"message\":\"m\"}".getBytes(UTF_8)))
                .isEqualTo(new WorkerResponse.Error("new", "m"));
        assertThat(responseRefusal("{\"op\":\"error\",\"kind\":\"new\",\"message\":\"\"}"))
                .contains("empty");
        assertThat(responseRefusal("{\"op\":\"ping\"}")).contains("unknown reply op 'ping'");
    }

    private static String nested(int levels) {
        return "{\"op\":\"ping\",\"x\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
    }

    private static String hexOf(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }
}
