import predictor

app = predictor.app
