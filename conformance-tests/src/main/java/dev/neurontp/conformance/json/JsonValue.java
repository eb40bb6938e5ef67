package dev.neurontp.conformance.json;

import java.util.List;
import java.util.Optional;

/** A JSON value with its spelling kept where a judge needs it: member order, duplicates, number text. */
public sealed interface JsonValue {

    /** An object; members stand in the order of the text, and a name may stand twice. */
    record JsonObject(List<Member> members) implements JsonValue {
        public JsonObject {
            members = List.copyOf(members);
        }

        /** The first member of this name. */
        public Optional<JsonValue> get(String name) {
            return members.stream()
                    .filter(member -> member.name().equals(name))
                    .findFirst()
                    .map(Member::value);
        }

        /** The first member of this name if it is a string. */
        public Optional<String> text(String name) {
            return get(name).map(value -> value instanceof JsonString string ? string.value() : null);
        }
    }

    /** One member of an object. */
    record Member(JsonString key, JsonValue value) {
        /** Its name, unescaped. */
        public String name() {
            return key.value();
        }
    }

    /** An array. */
    record JsonArray(List<JsonValue> items) implements JsonValue {
        public JsonArray {
            items = List.copyOf(items);
        }
    }

    /** A string, unescaped; {@code loneSurrogate} where an escape left half a character. */
    record JsonString(String value, boolean loneSurrogate) implements JsonValue {}

    /** A number as it was spelled. */
    record JsonNumber(String spelling) implements JsonValue {}

    /** One of {@code true}, {@code false} and {@code null}. */
    record JsonWord(String word) implements JsonValue {}

    /** Whether half a character stands in any string or name of it. */
    default boolean hasLoneSurrogate() {
        return switch (this) {
            case JsonString string -> string.loneSurrogate();
            case JsonArray array -> array.items().stream().anyMatch(JsonValue::hasLoneSurrogate);
            case JsonObject object ->
                object.members().stream()
                        .anyMatch(member ->
                                member.key().loneSurrogate() || member.value().hasLoneSurrogate());
            case JsonNumber number -> false;
            case JsonWord word -> false;
        };
    }

    /** What kind of value this is, in a person's words. */
    default String describe() {
        return switch (this) {
            case JsonObject object -> "an object";
            case JsonArray array -> "an array";
            case JsonString string -> "a string";
            case JsonNumber number -> "the number " + number.spelling();
            case JsonWord word -> word.word();
        };
    }
}
