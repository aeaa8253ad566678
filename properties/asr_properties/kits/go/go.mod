module asr-adapter

go 1.23
