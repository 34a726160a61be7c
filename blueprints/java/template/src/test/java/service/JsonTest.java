package service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void numbersAndTruthValuesStandForThemselves() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", 1);
        fields.put("flag", true);
        fields.put("text", "é");
        assertEquals("{\"number\":1,\"flag\":true,\"text\":\"é\"}", Json.object(fields));
    }

    @Test
    void whatEndsAStringIsEscaped() {
        assertEquals("{\"a\\\"b\":\"c\\\\d\\u000a\"}", Json.object(Map.of("a\"b", "c\\d\n")));
    }
}
