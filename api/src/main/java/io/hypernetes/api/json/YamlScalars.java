package io.hypernetes.api.json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a plain scalar means in the YAML 1.1 of Kubernetes' tools. */
final class YamlScalars {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");

    private YamlScalars() {}

    static JsonNode resolve(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> NODES.nullNode();
            case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" ->
                    NODES.booleanNode(true);
            case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" ->
                    NODES.booleanNode(false);
            default -> number(text);
        };
    }

    private static JsonNode number(String text) {
        char first = text.charAt(0);
        if (text.length() > 100 || "+-.0123456789".indexOf(first) < 0) {
            return NODES.stringNode(text);
        }
        String plain = first == '.' ? text : text.replace("_", "");
        Matcher integer = INTEGER.matcher(plain);
        if (integer.matches()) {
            return integer(integer.group(1), integer.group(2));
        }
        return DECIMAL.matcher(plain).matches()
                ? NODES.numberNode(new BigDecimal(plain))
                : NODES.stringNode(text);
    }

    private static JsonNode integer(String sign, String digits) {
        BigInteger value;
        if (digits.length() == 1 || digits.charAt(0) != '0') {
            value = new BigInteger(digits);
        } else {
            value =
                    switch (digits.charAt(1)) {
                        case 'x', 'X' -> new BigInteger(digits.substring(2), 16);
                        case 'b', 'B' -> new BigInteger(digits.substring(2), 2);
                        case 'o', 'O' -> new BigInteger(digits.substring(2), 8);
                        default -> new BigInteger(digits.substring(1), 8);
                    };
        }
        BigInteger signed = sign.equals("-") ? value.negate() : value;
        if (signed.bitLength() < Integer.SIZE) {
            return NODES.numberNode(signed.intValue());
        }
        return signed.bitLength() < Long.SIZE
                ? NODES.numberNode(signed.longValue())
                : NODES.numberNode(signed);
    }
}
