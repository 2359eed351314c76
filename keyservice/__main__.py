from keyservice.cli import main

raise SystemExit(main())
