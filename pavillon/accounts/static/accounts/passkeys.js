// allauth writes a refused passkey to the console only: say it where the person looks.
document.addEventListener('allauth.error', (event) => {
  const place = document.getElementById('passkey-error')
  if (!place) return
  event.preventDefault()
  place.textContent = place.dataset.text
})
