"""What crosses to V8: the isolate, the bridge, the JSON codec, and the engine made of them."""
