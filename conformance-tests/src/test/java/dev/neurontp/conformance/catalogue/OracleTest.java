package dev.neurontp.conformance.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.check.Expectations;
import dev.neurontp.conformance.contract.Contract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model's answers, written down by hand from the contract. */
final class OracleTest {

    private final Oracle oracle = new Oracle(Contract.load());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"op\":\"ping\"} | the pong that a plain ping gets",
                "{\"x\":[1],\"op\":\"ping\"} | the pong that a plain ping gets",
                "{\"op\":\"nccl_sanity_check\"} | what a plain nccl_sanity_check gets",
                "{\"op\":\"init\",\"comm_id\":\"\"} | what a plain init gets",
                "{\"op\":\"init\"} | an error of kind bad_request",
                "{\"op\":\"ping\",\"op\":\"ping\"} | an error of kind bad_request",
                "{\"op\":\"Ping\"} | an error of kind bad_request or unknown_op",
                "{\"op\":\"x_more\"} | exactly one reply, whatever it says",
                "{\"op\":\"generate_step\"} | exactly one reply, whatever it says",
                "[\"ping\"] | exactly one reply, whatever it says",
                "{\"op\":\"ping\",\"x\":1e999} | exactly one reply, whatever it says",
                "[] | an error of kind bad_request",
                "[7] | an error of kind bad_request",
                "[{\"op\":\"ping\"}] | an error of kind bad_request",
                "{\"op\":\"ping\",\"x\":\"\\ud800\"} | an error of kind bad_request",
                "{\"op\":\"ping\",\"\\udc00\":1} | an error of kind bad_request",
                "{\"op\":\"ping\",\"x\":[{\"y\":\"\\ud800\"}]} | an error of kind bad_request",
                "{\"op\":\"\\ud800\"} | an error of kind bad_request",
                "nonsense | an error of kind bad_request",
                "7 | an error of kind bad_request",
                "^ \t ^ | no reply",
            })
    void aLineGetsWhatTheContractSays(String line, String expected) {
        assertThat(Expectations.words(oracle.judge(line))).isEqualTo(expected);
    }

    /** What is asked behind such a line must be answered in another way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":\"init\",\"comm_id\":\"\",\"x\":1e999}",
                "{\"x\":1e999,\"op\":\"nccl_sanity_check\"}",
                "[\"nccl_sanity_check\"]"
            })
    void anInitThatIsLeftAloneMayBeAnsweredAsASanityCheck(String line) {
        assertThat(Expectations.looksLikeSanity(oracle.judge(line))).isTrue();
        assertThat(Expectations.looksLikeSanity(oracle.judge("[\"ping\",\"init\"]")))
                .isFalse();
    }
}
